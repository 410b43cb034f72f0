namespace RealtimeSuite.Gateway.Continuity;

/// <summary>The delivery ledger: copies of events, one a connection, or one for an event that no connection wanted.</summary>
internal sealed record LedgerState
{
    /// <summary>What was to be delivered.</summary>
    public required long Offered { get; init; }

    /// <summary>Written to a socket.</summary>
    public required long Delivered { get; init; }

    /// <summary>Replaced by a newer event of the same key.</summary>
    public required long Conflated { get; init; }

    /// <summary>Not delivered, by reason: <c>oldest</c>, <c>slow_consumer</c>, <c>ended</c> (the connection ended first).</summary>
    public required SortedDictionary<string, long> Dropped { get; init; }

    /// <summary>Delivered from the history instead.</summary>
    public required long Recovered { get; init; }

    /// <summary>Events that no connection of the replica wanted.</summary>
    public required long NoSubscriber { get; init; }

    /// <summary>On their way to a socket.</summary>
    public required long Waiting { get; init; }

    /// <summary>Copies published on Redis for all replicas, by the replica that numbered the events.</summary>
    public required long Published { get; init; }

    /// <summary>Copies that came from Redis.</summary>
    public required long Received { get; init; }

    /// <summary>Copies of which nobody knows what became: positive for lost ones, negative for those counted twice.</summary>
    public long Missing => Offered - Delivered - Conflated - Dropped.Values.Sum() - Recovered - NoSubscriber - Waiting;

    /// <summary>Whether the books balance.</summary>
    public bool Balanced => Missing == 0;

    /// <summary>Books without an entry.</summary>
    public static LedgerState Empty { get; } =
        new()
        {
            Offered = 0,
            Delivered = 0,
            Conflated = 0,
            Dropped = [],
            Recovered = 0,
            NoSubscriber = 0,
            Waiting = 0,
            Published = 0,
            Received = 0,
        };

    /// <summary>Adds the books of two replicas up.</summary>
    public static LedgerState operator +(LedgerState left, LedgerState right) =>
        new()
        {
            Offered = left.Offered + right.Offered,
            Delivered = left.Delivered + right.Delivered,
            Conflated = left.Conflated + right.Conflated,
            Dropped = Sum(left.Dropped, right.Dropped),
            Recovered = left.Recovered + right.Recovered,
            NoSubscriber = left.NoSubscriber + right.NoSubscriber,
            Waiting = left.Waiting + right.Waiting,
            Published = left.Published + right.Published,
            Received = left.Received + right.Received,
        };

    private static SortedDictionary<string, long> Sum(
        SortedDictionary<string, long> left,
        SortedDictionary<string, long> right
    )
    {
        var sum = new SortedDictionary<string, long>(left, StringComparer.Ordinal);
        foreach (var (reason, count) in right)
        {
            sum[reason] = sum.GetValueOrDefault(reason) + count;
        }

        return sum;
    }
}
