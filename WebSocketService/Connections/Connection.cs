using System.Collections.Immutable;
using System.Net.WebSockets;
using RealtimeSuite.Authentication;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>
/// One open socket. Three parties touch it: the hub enqueues from any thread, the writer alone writes, the reader alone reads.
/// Whoever wants it to end calls <see cref="Close"/>; the first reason counts.
/// </summary>
internal sealed class Connection(
    WebSocket socket,
    Visitor visitor,
    GatewayOptions options,
    DateTimeOffset openedAt,
    DirectSocket? direct = null
) : IDisposable
{
    private const int Open = -1;

    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _reason = Open;
    private Caller _caller = visitor.Caller;
    private Topics _topics;
    private ImmutableDictionary<string, ResumeGate>? _gates;
    private string[] _channels = [];

    /// <summary>Unique per connection; the <c>client_id</c> of the first frame.</summary>
    public string ClientId => visitor.ClientId;

    /// <summary>The kind of socket.</summary>
    public Surface Surface => visitor.Surface;

    /// <summary>Who is connected; a token refresh replaces it.</summary>
    public Caller Caller
    {
        get => Volatile.Read(ref _caller);
        set => Volatile.Write(ref _caller, value);
    }

    /// <summary>Whose connection it is.</summary>
    public string UserId => Caller.UserId;

    /// <summary>The client's network address.</summary>
    public string Address => visitor.Address;

    /// <summary>When it was accepted.</summary>
    public DateTimeOffset OpenedAt { get; } = openedAt;

    /// <summary>Its place in the registry, which sets it.</summary>
    public int Place { get; set; }

    /// <summary>When the client last said anything; pongs do not count. A timestamp of the clock.</summary>
    public long LastHeard { get; set; }

    /// <summary>The topics whose events it wants. Set by its reader, read by the hub.</summary>
    public Topics Topics
    {
        get => _topics;
        set => _topics = value;
    }

    /// <summary>The channels that it is subscribed to, each once: a list that is replaced and never changed, as they are few.</summary>
    public IReadOnlyList<string> Channels
    {
        get => Volatile.Read(ref _channels);
        set => Volatile.Write(ref _channels, [.. value]);
    }

    /// <summary>What waits to be written.</summary>
    public OutboundQueue Queue { get; } = new(options.MaxQueueBytes);

    /// <summary>The socket: for the one reader and the one writer.</summary>
    public WebSocket Socket { get; } = socket;

    /// <summary>The TCP socket below it, where that can be written to; else null.</summary>
    public DirectSocket? Direct => direct;

    /// <summary>Ends when the connection is to end.</summary>
    public Task Ended => _ended.Task;

    /// <summary>Why it ends; null while it is open.</summary>
    public DisconnectReason? Reason =>
        Volatile.Read(ref _reason) is var reason and not Open ? (DisconnectReason)reason : null;

    /// <summary>Whether it ends so that what still waits is of no use to the peer, or would take it too long.</summary>
    public bool IsCutShort =>
        Reason is DisconnectReason.SlowConsumer or DisconnectReason.ClosedByClient or DisconnectReason.PeerGone;

    /// <summary>Queues a frame. Never waits and never throws; a connection whose queue is full is closed as a slow consumer.</summary>
    public EnqueueResult Enqueue(Frame frame)
    {
        var result = Queue.Add(frame);
        if (result == EnqueueResult.Full)
        {
            Close(DisconnectReason.SlowConsumer);
        }
        else
        {
            direct?.Schedule();
        }

        return result;
    }

    /// <summary>
    /// Gives the connection an event of a channel that it is subscribed to. An event of the backlog, which was delivered here before it had
    /// a number, is only for a connection that resumes the channel.
    /// </summary>
    public EnqueueResult Deliver(Frame frame, bool isBacklog)
    {
        if (
            Volatile.Read(ref _gates) is { } gates
            && frame.Mark is { } mark
            && gates.TryGetValue(mark.Channel, out var gate)
        )
        {
            var result = gate.Offer(frame, isBacklog);
            if (gate.IsDone)
            {
                RemoveGate(mark.Channel);
            }

            return result;
        }

        return isBacklog ? EnqueueResult.Skipped : Enqueue(frame);
    }

    /// <summary>Holds the events of a channel back until its history is read.</summary>
    public ResumeGate AddGate(string channel)
    {
        var gate = new ResumeGate(this, options.MaxQueueBytes);
        ImmutableInterlocked.Update(
            ref _gates,
            gates =>
                (gates ?? ImmutableDictionary.Create<string, ResumeGate>(StringComparer.Ordinal)).SetItem(channel, gate)
        );
        return gate;
    }

    /// <summary>The gate of a channel; null without one.</summary>
    public ResumeGate? FindGate(string channel) => Volatile.Read(ref _gates)?.GetValueOrDefault(channel);

    /// <summary>Takes the gate of a channel away.</summary>
    public void RemoveGate(string channel) =>
        ImmutableInterlocked.Update(
            ref _gates,
            gates => gates?.Remove(channel) is { IsEmpty: false } left ? left : null
        );

    /// <summary>Events that were written to the socket; counted by the writer alone.</summary>
    public long Delivered { get; private set; }

    /// <summary>Events that are neither written nor left out yet.</summary>
    public int WaitingEvents =>
        Queue.Events + (Volatile.Read(ref _gates)?.Values.Sum(gate => gate.Held) ?? 0) + Writing;

    /// <summary>Events that are being written; set by the writer alone.</summary>
    public int Writing { get; set; }

    /// <summary>What was being written is.</summary>
    public void Written(int events)
    {
        Delivered += events;
        Writing = 0;
    }

    /// <summary>After the end: the events that nobody will write. No more come afterwards.</summary>
    public int Abandon()
    {
        Queue.Complete();
        var held = Volatile.Read(ref _gates)?.Values.Sum(gate => gate.Close()) ?? 0;
        var unwritten = Queue.Events + Writing + held;
        return unwritten;
    }

    /// <summary>Asks the connection to end. Does not wait for it.</summary>
    public void Close(DisconnectReason reason)
    {
        if (Interlocked.CompareExchange(ref _reason, (int)reason, Open) == Open)
        {
            Queue.Complete();
            _ended.TrySetResult();
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
    }
}
