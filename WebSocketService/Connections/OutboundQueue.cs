using System.Diagnostics.CodeAnalysis;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>What became of a frame that was given to a queue.</summary>
internal enum EnqueueResult
{
    /// <summary>It waits, or is being written.</summary>
    Added,

    /// <summary>It waits in place of an older one of the same key, which is left out.</summary>
    Conflated,

    /// <summary>It waits, and older ones that may be dropped were.</summary>
    DroppedOldest,

    /// <summary>There is no room for it.</summary>
    Full,

    /// <summary>The connection is ending.</summary>
    Ended,

    /// <summary>The connection gets it, or got it, from the history.</summary>
    Recovered,

    /// <summary>It is not for this connection.</summary>
    Skipped,
}

/// <summary>
/// What waits to be written to one socket: any number of adders, one taker. Bounded in bytes. Adding never waits and, once the ring has
/// grown to what the connection needs, allocates nothing. The lock is held for a few instructions and never while waiting or writing.
/// </summary>
internal sealed class OutboundQueue(int maxBytes)
{
    private const int FirstCapacity = 4;

    private readonly Lock _lock = new();
    private Frame?[] _ring = [];
    private Dictionary<string, int>? _latest;
    private TaskCompletionSource<bool>? _waiting;
    private int _head;
    private int _count;
    private long _bytes;
    private int _events;
    private bool _completed;

    /// <summary>Bytes that wait.</summary>
    public long Bytes => Volatile.Read(ref _bytes);

    /// <summary>Whether nothing waits.</summary>
    public bool IsEmpty => Volatile.Read(ref _count) == 0;

    /// <summary>Events that wait.</summary>
    public int Events => Volatile.Read(ref _events);

    /// <summary>Events that a newer one of the same key replaced.</summary>
    public long Conflated { get; private set; }

    /// <summary>Events that were dropped as the oldest.</summary>
    public long DroppedOldest { get; private set; }

    /// <summary>Adds a frame.</summary>
    public EnqueueResult Add(Frame frame)
    {
        TaskCompletionSource<bool>? waiting;
        EnqueueResult result;
        lock (_lock)
        {
            if (_completed)
            {
                return EnqueueResult.Ended;
            }

            result = MakeRoom(frame);
            if (result == EnqueueResult.Full)
            {
                return result;
            }

            Append(frame);
            waiting = _waiting;
            _waiting = null;
        }

        waiting?.TrySetResult(true);
        return result;
    }

    /// <summary>Takes the next frame without waiting.</summary>
    public bool TryTake([NotNullWhen(true)] out Frame? frame)
    {
        lock (_lock)
        {
            frame = TakeFirst(int.MaxValue);
            return frame is not null;
        }
    }

    /// <summary>Takes the next frames without waiting: as many as there is room for, of so many bytes on the wire in all, but always one. Answers how many.</summary>
    public int Take(Span<Frame?> frames, int maxBytes)
    {
        var count = 0;
        lock (_lock)
        {
            while (count < frames.Length && TakeFirst(count == 0 ? int.MaxValue : maxBytes) is { } frame)
            {
                frames[count++] = frame;
                maxBytes -= frame.Wire.Length;
            }
        }

        return count;
    }

    /// <summary>Waits until there is a frame; false when the queue was completed and is empty. For the one taker.</summary>
    public ValueTask<bool> WaitAsync(CancellationToken cancellationToken)
    {
        TaskCompletionSource<bool> waiting;
        lock (_lock)
        {
            if (_count > 0)
            {
                return ValueTask.FromResult(true);
            }

            if (_completed)
            {
                return ValueTask.FromResult(false);
            }

            // Continuations run on the thread pool: whoever adds a frame goes on with its own work.
            _waiting = waiting = new TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return new ValueTask<bool>(waiting.Task.WaitAsync(cancellationToken));
    }

    /// <summary>Ends the queue; what it holds can still be taken.</summary>
    public void Complete()
    {
        TaskCompletionSource<bool>? waiting;
        lock (_lock)
        {
            _completed = true;
            waiting = _waiting;
            _waiting = null;
        }

        waiting?.TrySetResult(_count > 0);
    }

    /// <summary>The first frame, unless it is larger.</summary>
    private Frame? TakeFirst(int maxBytes)
    {
        while (_count > 0)
        {
            var slot = _head;
            var frame = _ring[slot];
            if (frame?.Wire.Length > maxBytes)
            {
                return null;
            }

            _ring[slot] = null;
            _head = (_head + 1) % _ring.Length;
            _count--;
            if (frame is not null)
            {
                Forget(frame, slot);
                return frame;
            }
        }

        return null;
    }

    private EnqueueResult MakeRoom(Frame frame)
    {
        var result = EnqueueResult.Added;
        if (
            frame is { Policy: SlowPolicy.LatestByKey, Key: { } key }
            && _latest?.TryGetValue(key, out var older) == true
        )
        {
            LeaveOut(older);
            Conflated++;
            result = EnqueueResult.Conflated;
        }

        for (var i = 0; i < _count && _bytes + frame.Weight > maxBytes; i++)
        {
            var slot = (_head + i) % _ring.Length;
            if (_ring[slot]?.Policy == SlowPolicy.DropOldest)
            {
                LeaveOut(slot);
                DroppedOldest++;
                result = EnqueueResult.DroppedOldest;
            }
        }

        return _bytes + frame.Weight > maxBytes && frame.Weight > 0 ? EnqueueResult.Full : result;
    }

    private void Append(Frame frame)
    {
        if (_count == _ring.Length)
        {
            Grow();
        }

        var slot = (_head + _count++) % _ring.Length;
        _ring[slot] = frame;
        _bytes += frame.Weight;
        _events += frame.Kind == FrameKind.Event ? 1 : 0;
        if (frame is { Policy: SlowPolicy.LatestByKey, Key: { } key })
        {
            (_latest ??= new Dictionary<string, int>(StringComparer.Ordinal))[key] = slot;
        }
    }

    /// <summary>Takes a waiting frame out; its place stays empty, so that the order of the others is theirs.</summary>
    private void LeaveOut(int slot)
    {
        var frame = _ring[slot]!;
        _ring[slot] = null;
        Forget(frame, slot);
    }

    private void Forget(Frame frame, int slot)
    {
        _bytes -= frame.Weight;
        _events -= frame.Kind == FrameKind.Event ? 1 : 0;
        if (frame.Key is { } key && _latest is not null && _latest.TryGetValue(key, out var latest) && latest == slot)
        {
            _latest.Remove(key);
        }
    }

    private void Grow()
    {
        var larger = new Frame?[Math.Max(FirstCapacity, _ring.Length * 2)];
        for (var i = 0; i < _count; i++)
        {
            larger[i] = _ring[(_head + i) % _ring.Length];
        }

        _ring = larger;
        _head = 0;
        if (_latest is null)
        {
            return;
        }

        _latest.Clear();
        for (var i = 0; i < _count; i++)
        {
            if (larger[i] is { Policy: SlowPolicy.LatestByKey, Key: { } key })
            {
                _latest[key] = i;
            }
        }
    }
}
