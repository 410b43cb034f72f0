using RealtimeSuite.Gateway.Connections;

namespace RealtimeSuite.Gateway.Continuity;

/// <summary>
/// Double-entry book-keeping of every event copy: what the hub offered to connections on one side, what became of it on the other. Both
/// sides are counted at different places, so that a copy that vanishes between them shows.
/// </summary>
/// <remarks>Nothing is shared on the way of an event: each connection counts for itself, and its counts are added up when asked for or when it ends.</remarks>
internal sealed class Ledger(ConnectionRegistry registry, TimeProvider clock)
{
    private static readonly TimeSpan RecentEnough = TimeSpan.FromSeconds(1);

    private readonly Lock _closing = new();
    private long _offered;
    private long _noSubscriber;
    private long _slowConsumer;
    private long _ended;
    private long _recovered;
    private long _received;
    private long _published;
    private Tally _closed;
    private LedgerState? _recent;
    private long _readAt;

    /// <summary>An event for which this replica has no connection.</summary>
    public void NobodyListens() => Interlocked.Increment(ref _noSubscriber);

    /// <summary>An event came from Redis with a number.</summary>
    public void Received() => Interlocked.Increment(ref _received);

    /// <summary>Events were published to so many subscriptions of all replicas.</summary>
    public void Published(long copies) => Interlocked.Add(ref _published, copies);

    /// <summary>An event was offered to connections.</summary>
    public void Offered(int copies, int refused, int ended, int recovered)
    {
        Interlocked.Add(ref _offered, copies);
        if (copies == 0)
        {
            NobodyListens();
        }

        Add(ref _slowConsumer, refused);
        Add(ref _ended, ended);
        Add(ref _recovered, recovered);
    }

    /// <summary>Events that were held back are covered by a replay.</summary>
    public void Recovered(int copies) => Add(ref _recovered, copies);

    /// <summary>Takes over the counts of a connection that ended. It must be out of the registry only afterwards.</summary>
    public void Close(Connection connection, Action remove)
    {
        lock (_closing)
        {
            var unwritten = connection.Abandon();
            _closed.Add(connection);
            _closed.Unwritten += unwritten;
            remove();
        }
    }

    /// <summary>The books as they stand. A copy that is moved at this moment may be missing or counted twice.</summary>
    public LedgerState Read() => Read(out _);

    /// <summary>The same, with the bytes that wait for all sockets: whoever looks at all connections looks once.</summary>
    public LedgerState Read(out long queuedBytes)
    {
        lock (_closing)
        {
            var tally = _closed;
            long waiting = 0;
            queuedBytes = 0;
            foreach (var place in registry.Places)
            {
                if (place is { } connection)
                {
                    tally.Add(connection);
                    waiting += connection.WaitingEvents;
                    queuedBytes += connection.Queue.Bytes;
                }
            }

            _readAt = clock.GetTimestamp();
            return _recent = new LedgerState
            {
                Offered = Volatile.Read(ref _offered) + Volatile.Read(ref _noSubscriber),
                Delivered = tally.Delivered,
                Conflated = tally.Conflated,
                Dropped = new SortedDictionary<string, long>(StringComparer.Ordinal)
                {
                    ["oldest"] = tally.DroppedOldest,
                    ["slow_consumer"] = Volatile.Read(ref _slowConsumer),
                    ["ended"] = Volatile.Read(ref _ended) + tally.Unwritten,
                },
                Recovered = Volatile.Read(ref _recovered),
                NoSubscriber = Volatile.Read(ref _noSubscriber),
                Waiting = waiting,
                Received = Volatile.Read(ref _received),
                Published = Volatile.Read(ref _published),
            };
        }
    }

    /// <summary>The books as they stood at most a second ago: for metrics, each of which asks by itself.</summary>
    public LedgerState ReadRecent()
    {
        lock (_closing)
        {
            return _recent is { } recent && clock.GetElapsedTime(_readAt) <= RecentEnough ? recent : Read();
        }
    }

    private static void Add(ref long counter, int count)
    {
        if (count > 0)
        {
            Interlocked.Add(ref counter, count);
        }
    }

    private struct Tally
    {
        public long Delivered;
        public long Conflated;
        public long DroppedOldest;
        public long Unwritten;

        public void Add(Connection connection)
        {
            Delivered += connection.Delivered;
            Conflated += connection.Queue.Conflated;
            DroppedOldest += connection.Queue.DroppedOldest;
        }
    }
}
