using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>
/// Stands between the hub and the queue of one connection while it resumes one channel: holds live events back until the history is
/// read, lets through afterwards what the history did not hold, and is done with the first event that is surely new. The hub offers from
/// any thread, one event of the channel at a time; the connection's own task decides and opens.
/// </summary>
internal sealed class ResumeGate(Connection connection, int maxBytes)
{
    private readonly Lock _lock = new();
    private List<Frame>? _held = [];
    private List<Frame> _missed = [];
    private long _heldBytes;
    private Recovery? _recovery;
    private bool _isClosed;
    private long _passed;
    private long _announced;

    /// <summary>Events that are held back.</summary>
    public int Held => Volatile.Read(ref _held)?.Count ?? 0;

    /// <summary>Whether the gate has done its work.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Decides about a live event.</summary>
    public EnqueueResult Offer(Frame frame, bool isBacklog)
    {
        var mark = frame.Mark!;
        lock (_lock)
        {
            if (_isClosed)
            {
                return EnqueueResult.Ended;
            }

            if (_held is not null)
            {
                _heldBytes += frame.Weight;
                if (_heldBytes > maxBytes)
                {
                    connection.Close(DisconnectReason.SlowConsumer);
                    return EnqueueResult.Full;
                }

                _held.Add(frame);
                return EnqueueResult.Added;
            }

            return Pass(frame, mark, isBacklog);
        }
    }

    /// <summary>Decides what the client gets; events are still held back. <paramref name="replay"/> makes a missed event's frame, null for one that the client does not want.</summary>
    public ChannelRecovery Decide(ChannelHistory history, Func<ChannelEvent, Frame?> replay)
    {
        lock (_lock)
        {
            _recovery = Recovery.Of(history, (_held ?? []).Select(frame => frame.Mark!));
            _passed = history.Offset;
            _missed = [.. _recovery.Replay.Select(replay).OfType<Frame>()];
            _announced = StandsAt(history);
            return new ChannelRecovery(_recovery.IsRecovered, _missed.Count, _announced, history.Epoch);
        }
    }

    /// <summary>Sends the missed events and what was held back, and lets the rest through. Answers how many events held back the client has by the replay.</summary>
    public int Open()
    {
        lock (_lock)
        {
            var held = _held ?? [];
            _held = null;
            foreach (var frame in _missed)
            {
                connection.Enqueue(frame);
            }

            _missed = [];

            // Without a history there is nothing to wait for.
            IsDone = _recovery!.History.Epoch.Length == 0;
            return held.Count(frame => Pass(frame, frame.Mark!, isBacklog: false) == EnqueueResult.Recovered);
        }
    }

    /// <summary>Ends the gate with its connection. Answers how many events were still held back.</summary>
    public int Close()
    {
        lock (_lock)
        {
            _isClosed = true;
            var held = Held;
            _held = null;
            return held;
        }
    }

    /// <summary>The number behind which the client gets everything: without proof what was held back follows, and the answer stands before it.</summary>
    private long StandsAt(ChannelHistory history)
    {
        var first = _recovery!.IsRecovered
            ? null
            : _held?.FirstOrDefault(frame => frame.Mark!.IsNumbered && frame.Mark.Epoch == history.Epoch);
        return first is null ? history.Offset : Math.Min(history.Offset, first.Mark!.Offset - 1);
    }

    private EnqueueResult Pass(Frame frame, EventMark mark, bool isBacklog)
    {
        // What stands before the announced number and comes late from Redis is part of what the client was told to read again.
        var isAnnounced = mark.IsNumbered && mark.Epoch == _recovery!.History.Epoch && mark.Offset <= _announced;
        if (isAnnounced || _recovery!.Covers(mark))
        {
            return EnqueueResult.Recovered;
        }

        if (isBacklog && mark.Epoch == _recovery.History.Epoch && mark.Offset <= _passed)
        {
            return EnqueueResult.Skipped;
        }

        // An event that comes now was not delivered here before, so nothing of the backlog is for this connection any more.
        _passed = Math.Max(_passed, mark.Offset);
        IsDone |= !isBacklog && (!mark.IsNumbered || mark.Offset > _recovery.History.Offset);
        return connection.Enqueue(frame);
    }
}
