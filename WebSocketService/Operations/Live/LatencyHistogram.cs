namespace RealtimeSuite.Gateway.Operations.Live;

/// <summary>Counts durations in fixed buckets. From any thread, without a lock and without memory.</summary>
internal sealed class LatencyHistogram
{
    /// <summary>Upper bounds of the buckets, in seconds; above the last there is one more.</summary>
    public static readonly double[] Bounds =
    [
        0.001,
        0.002,
        0.003,
        0.005,
        0.0075,
        0.01,
        0.015,
        0.02,
        0.03,
        0.05,
        0.075,
        0.1,
        0.15,
        0.2,
        0.3,
        0.5,
        0.75,
        1,
        2,
        5,
        10,
        30,
    ];

    private readonly long[] _counts = new long[Bounds.Length + 1];

    /// <summary>Counts one duration.</summary>
    public void Record(double seconds)
    {
        var bucket = Array.BinarySearch(Bounds, seconds);
        Interlocked.Increment(ref _counts[bucket < 0 ? ~bucket : bucket]);
    }

    /// <summary>The counts so far, a bucket each.</summary>
    public long[] Read() => [.. _counts.Select((_, bucket) => Interlocked.Read(ref _counts[bucket]))];

    /// <summary>
    /// The duration in seconds that a share of those between two readings did not exceed; straight between the bounds of its bucket, and
    /// the last bound for what is above it. Null when nothing was counted between them.
    /// </summary>
    public static double? Quantile(double share, long[] before, long[] now)
    {
        var rank = share * now.Zip(before, (later, earlier) => later - earlier).Sum();
        if (rank <= 0)
        {
            return null;
        }

        for (var bucket = 0; bucket < Bounds.Length; bucket++)
        {
            var count = now[bucket] - before[bucket];
            if (count >= rank)
            {
                var lower = bucket == 0 ? 0 : Bounds[bucket - 1];
                return lower + ((Bounds[bucket] - lower) * rank / count);
            }

            rank -= count;
        }

        return Bounds[^1];
    }
}
