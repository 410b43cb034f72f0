namespace RealtimeSuite.Gateway.Operations.Tail;

/// <summary>
/// Collects what happens to events while somebody reads it. Off, it is one look at a flag an event. On, it holds at most
/// <see cref="Capacity"/> steps until they are taken; what comes beyond is counted, and told.
/// </summary>
internal sealed class EventTail
{
    /// <summary>Most steps between two calls of <see cref="Take"/>.</summary>
    public const int Capacity = 1000;

    private readonly Lock _lock = new();
    private List<TailEntry> _entries = [];
    private long _dropped;
    private long _wantedAt;
    private volatile bool _isOn;

    /// <summary>Whether somebody reads.</summary>
    public bool IsOn => _isOn;

    /// <summary>When somebody last said that they read.</summary>
    public long WantedAt => Volatile.Read(ref _wantedAt);

    /// <summary>Somebody reads, and says so at this timestamp.</summary>
    public void TurnOn(long timestamp)
    {
        Volatile.Write(ref _wantedAt, timestamp);
        _isOn = true;
    }

    /// <summary>Nobody reads any more; forgets what it holds.</summary>
    public void TurnOff()
    {
        _isOn = false;
        Take();
    }

    /// <summary>Adds a step.</summary>
    public void Add(TailEntry entry)
    {
        lock (_lock)
        {
            if (_entries.Count < Capacity)
            {
                _entries.Add(entry);
            }
            else
            {
                _dropped++;
            }
        }
    }

    /// <summary>The steps since the last call, and how many did not fit.</summary>
    public (IReadOnlyList<TailEntry> Entries, long Dropped) Take()
    {
        lock (_lock)
        {
            var taken = (_entries, _dropped);
            _dropped = 0;
            if (_entries.Count > 0)
            {
                _entries = [];
            }

            return taken;
        }
    }
}
