using System.Collections.Immutable;
using System.Net.WebSockets;
using RealtimeSuite.Authentication;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>
/// One open socket. Three parties touch it: the hub enqueues from any thread, the writer alone writes, the reader alone reads.
/// Whoever wants it to end calls <see cref="Close"/>; the first reason counts.
/// </summary>
internal sealed class Connection(WebSocket socket, Visitor visitor, GatewayOptions options, DateTimeOffset openedAt)
    : IDisposable
{
    private const int Open = -1;

    private readonly CancellationTokenSource _closing = new();
    private int _reason = Open;
    private Caller _caller = visitor.Caller;
    private Topics _topics;
    private ImmutableHashSet<string> _channels = [];

    /// <summary>Unique per connection; the <c>client_id</c> of the first frame.</summary>
    public string ClientId { get; } = visitor.ClientId;

    /// <summary>The kind of socket.</summary>
    public Surface Surface { get; } = visitor.Surface;

    /// <summary>Who is connected; a token refresh replaces it.</summary>
    public Caller Caller
    {
        get => Volatile.Read(ref _caller);
        set => Volatile.Write(ref _caller, value);
    }

    /// <summary>Whose connection it is.</summary>
    public string UserId => Caller.UserId;

    /// <summary>The client's network address.</summary>
    public string Address { get; } = visitor.Address;

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset OpenedAt { get; } = openedAt;

    /// <summary>When the client last said anything; pongs do not count. A timestamp of the clock.</summary>
    public long LastHeard { get; set; }

    /// <summary>The topics whose events it wants. Set by its reader, read by the hub.</summary>
    public Topics Topics
    {
        get => _topics;
        set => _topics = value;
    }

    /// <summary>The channels that it is subscribed to.</summary>
    public ImmutableHashSet<string> Channels
    {
        get => Volatile.Read(ref _channels);
        set => Volatile.Write(ref _channels, value);
    }

    /// <summary>What waits to be written.</summary>
    public OutboundQueue Queue { get; } = new(options.MaxQueueBytes);

    /// <summary>The socket: for the one reader and the one writer.</summary>
    public WebSocket Socket { get; } = socket;

    /// <summary>Cancelled when the connection is to end.</summary>
    public CancellationToken Closing => _closing.Token;

    /// <summary>Why it ends; null while it is open.</summary>
    public DisconnectReason? Reason =>
        Volatile.Read(ref _reason) is var reason and not Open ? (DisconnectReason)reason : null;

    /// <summary>Queues a frame. Never waits and never throws; a connection whose queue is full is closed as a slow consumer.</summary>
    public EnqueueResult Enqueue(Frame frame)
    {
        var result = Queue.Add(frame);
        if (result == EnqueueResult.Full)
        {
            Close(DisconnectReason.SlowConsumer);
        }

        return result;
    }

    /// <summary>Asks the connection to end. Does not wait for it.</summary>
    public void Close(DisconnectReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, Open) == Open)
        {
            Queue.Complete();
            _ = _closing.CancelAsync();
        }
    }

    public void Dispose()
    {
        // Disposing a socket that did not close properly resets the TCP connection and so takes back the close frame that the
        // framework sends when the peer breaks the protocol. Then the end of the request closes it, after what is sent.
        if (Reason is not DisconnectReason.ProtocolError)
        {
            Socket.Dispose();
        }

        _closing.Dispose();
    }
}
