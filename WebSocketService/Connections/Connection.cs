using System.Net.WebSockets;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>
/// One open socket. Three parties touch it: the hub enqueues from any thread, the writer alone writes, the reader alone reads.
/// Whoever wants it to end calls <see cref="Close"/>; the first reason counts.
/// </summary>
internal sealed class Connection(WebSocket socket, string userId, GatewayOptions options) : IDisposable
{
    private const int Open = -1;

    private readonly CancellationTokenSource _closing = new();
    private int _reason = Open;

    /// <summary>Unique per connection; the <c>client_id</c> of the first frame.</summary>
    public string ClientId { get; } = Guid.NewGuid().ToString();

    /// <summary>Whose connection it is.</summary>
    public string UserId { get; } = userId;

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
    public void Enqueue(Frame frame)
    {
        if (!Queue.TryAdd(frame))
        {
            Close(DisconnectReason.SlowConsumer);
        }
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
        Socket.Dispose();
        _closing.Dispose();
    }
}
