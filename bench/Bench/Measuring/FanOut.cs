using System.Diagnostics;
using RealtimeSuite.Bench.Publishing;
using RealtimeSuite.Bench.Servers;
using RealtimeSuite.Bench.Sockets;

namespace RealtimeSuite.Bench.Measuring;

/// <summary>What one rate came to.</summary>
/// <param name="Asked">Events a second that should be published.</param>
/// <param name="Published">Events a second that were.</param>
/// <param name="PerSecond">Deliveries a second, until the last one.</param>
/// <param name="P50">Half of all deliveries took at most this long from publishing to the socket, in milliseconds.</param>
/// <param name="P99">99 of 100 did.</param>
/// <param name="Max">The longest.</param>
/// <param name="CpuPerMillion">Seconds of CPU that the server took for a million deliveries.</param>
/// <param name="Lost">Deliveries that did not come.</param>
/// <param name="Disordered">Deliveries that came twice or behind a later one.</param>
/// <param name="FrameBytes">Bytes of a message on the socket.</param>
internal sealed record FanOut(
    double Asked,
    double Published,
    double PerSecond,
    double P50,
    double P99,
    double Max,
    double CpuPerMillion,
    long Lost,
    long Disordered,
    double FrameBytes
)
{
    private const double Tolerance = 0.98;
    private const double KeptP99 = 250;

    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(5);

    /// <summary>Whether the server kept up: every event came, once and in order, 99 of 100 within a quarter of a second.</summary>
    public bool IsKept => Lost == 0 && Disordered == 0 && P99 < KeptP99 && Published >= Asked * Tolerance;

    /// <summary>Publishes at a rate for a time and counts what comes.</summary>
    public static FanOut Measure(SocketServer server, Crowd crowd, Publisher publisher, double rate, TimeSpan duration)
    {
        var count = (long)Math.Ceiling(rate * duration.TotalSeconds);
        var expected = count * crowd.Readers;
        crowd.Tally.Clear();
        var cpu = ProcessTree.CpuSeconds(server.ProcessId);
        var publishing = publisher.PublishAsync(rate, count);
        crowd.ReadUntil(() => publishing.IsCompleted, duration + TimeSpan.FromMinutes(1));
        crowd.ReadUntil(() => crowd.Tally.Events >= expected, Drain);
        cpu = ProcessTree.CpuSeconds(server.ProcessId) - cpu;

        var published = publishing.GetAwaiter().GetResult();
        var tally = crowd.Tally;
        return new FanOut(
            rate,
            published.Rate,
            tally.Events
                / Math.Max(duration.TotalSeconds, Stopwatch.GetElapsedTime(published.Begin, tally.LastAt).TotalSeconds),
            tally.Latencies.Percentile(50),
            tally.Latencies.Percentile(99),
            tally.Latencies.Max,
            cpu / Math.Max(1, tally.Events) * 1e6,
            Math.Max(0, expected - (tally.Events - tally.Duplicates)),
            tally.Duplicates + tally.OutOfOrder,
            (double)tally.Bytes / Math.Max(1, tally.Events)
        );
    }

    /// <summary>In one line.</summary>
    public override string ToString() =>
        $"{Published:F0} events/s, {PerSecond:F0} deliveries/s, p50 {P50:F2} ms, p99 {P99:F1} ms, max {Max:F1} ms, "
        + $"{CpuPerMillion:F2} CPU s a million, {Lost} lost, {Disordered} disordered, {FrameBytes:F0} bytes a frame"
        + (IsKept ? "" : ": not kept");
}
