namespace RealtimeSuite.Bench.Load;

/// <summary>One measurement of one target.</summary>
/// <param name="PerSecond">Answers a second, over the time until all that they began is done.</param>
/// <param name="P50">Half of all answers took at most this long, in milliseconds.</param>
/// <param name="P99">99 of 100 did.</param>
internal sealed record Round(double PerSecond, double P50, double P99)
{
    /// <summary>What the latencies come to.</summary>
    public static Round Of(List<TimeSpan> latencies, TimeSpan elapsed)
    {
        latencies.Sort();
        return new Round(latencies.Count / elapsed.TotalSeconds, Percentile(50), Percentile(99));

        double Percentile(int percent) => latencies[(latencies.Count - 1) * percent / 100].TotalMilliseconds;
    }
}
