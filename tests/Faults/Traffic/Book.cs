namespace RealtimeSuite.Faults.Traffic;

/// <summary>
/// What one client got of its user's events, which are published as 1, 2, 3 and so on. Written by the client's own task, read by the
/// scenario meanwhile.
/// </summary>
internal sealed class Book
{
    private readonly Lock _lock = new();
    private readonly List<int> _times = [0];
    private readonly List<(int Behind, int Before)> _told = [];
    private int _last;
    private int _different;
    private int _behindTold = -1;
    private string? _epoch;
    private long _offset;
    private long _repeated;
    private long _disordered;
    private long _renumbered;
    private long _unnumbered;

    /// <summary>How many different events came.</summary>
    public int Different => Volatile.Read(ref _different);

    /// <summary>Which was the last of those that came.</summary>
    public int Last => Volatile.Read(ref _last);

    /// <summary>How many came without a number: straight from Kafka.</summary>
    public long Unnumbered => Interlocked.Read(ref _unnumbered);

    /// <summary>Enters the user's <paramref name="n"/>th event. Answers whether it is new.</summary>
    public bool Enter(int n, string? epoch, long offset)
    {
        lock (_lock)
        {
            while (_times.Count <= n)
            {
                _times.Add(0);
            }

            CheckNumber(epoch, offset);
            if (_times[n]++ > 0)
            {
                _repeated++;
                return false;
            }

            if (_behindTold >= 0)
            {
                _told.Add((_behindTold, n));
                _behindTold = -1;
            }

            _disordered += n < _last ? 1 : 0;
            Volatile.Write(ref _last, Math.Max(_last, n));
            _different++;
            return true;
        }
    }

    /// <summary>The server said <c>recovered:false</c>: between the last event and the next there may be a hole.</summary>
    public void Tell()
    {
        lock (_lock)
        {
            _behindTold = _behindTold < 0 ? _last : _behindTold;
        }
    }

    /// <summary>Compares with what was published: the first <paramref name="accepted"/> events.</summary>
    public Verdict Compare(int accepted)
    {
        lock (_lock)
        {
            long lost = 0;
            long silent = 0;
            for (var n = 1; n <= accepted; n++)
            {
                if (n >= _times.Count || _times[n] == 0)
                {
                    lost++;
                    silent += IsTold(n) ? 0 : 1;
                }
            }

            return new Verdict(accepted, lost, silent, _repeated, _disordered, _renumbered);
        }
    }

    private bool IsTold(int n) =>
        _told.Any(hole => hole.Behind < n && n < hole.Before) || (_behindTold >= 0 && n > _behindTold);

    private void CheckNumber(string? epoch, long offset)
    {
        if (epoch is null)
        {
            Interlocked.Increment(ref _unnumbered);
            return;
        }

        _renumbered += epoch == _epoch && offset <= _offset ? 1 : 0;
        (_epoch, _offset) = (epoch, offset);
    }
}
