using System.Diagnostics;
using RealtimeSuite.Bench.Publishing;
using RealtimeSuite.Bench.Servers;
using RealtimeSuite.Bench.Sockets;

namespace RealtimeSuite.Bench.Measuring;

/// <summary>What publishing at one rate came to.</summary>
/// <param name="Asked">Events a second that should be published.</param>
/// <param name="Published">Events a second that were.</param>
/// <param name="PerSecond">Deliveries a second, until the last one.</param>
/// <param name="P50">Half of all deliveries took at most this long from publishing to the socket, in milliseconds.</param>
/// <param name="P99">99 of 100 did.</param>
/// <param name="Max">The longest.</param>
/// <param name="Cpu">Seconds of CPU that the server took.</param>
/// <param name="Count">Deliveries.</param>
/// <param name="Lost">Deliveries that did not come.</param>
/// <param name="Disordered">Deliveries that came twice or behind a later one.</param>
/// <param name="FrameBytes">Bytes of a message on the socket, for each event in it.</param>
internal sealed record Delivery(
    double Asked,
    double Published,
    double PerSecond,
    double P50,
    double P99,
    double Max,
    double Cpu,
    long Count,
    long Lost,
    long Disordered,
    double FrameBytes
)
{
    private const double Tolerance = 0.98;
    private const double KeptP99 = 250;

    private static readonly TimeSpan Drain = TimeSpan.FromSeconds(4);

    /// <summary>Seconds of CPU that the server took for a million deliveries.</summary>
    public double CpuPerMillion => Cpu / Math.Max(1, Count) * 1e6;

    /// <summary>Whether the server kept up: every event came, once and in order, 99 of 100 within a quarter of a second.</summary>
    public bool IsKept => Lost == 0 && Disordered == 0 && P99 < KeptP99 && Published >= Asked * Tolerance;

    /// <summary>Publishes at a rate for a time and counts what comes.</summary>
    /// <param name="server">The server.</param>
    /// <param name="crowd">Its sockets.</param>
    /// <param name="publisher">Publishes the events.</param>
    /// <param name="rate">Events a second.</param>
    /// <param name="duration">How long.</param>
    /// <param name="receivers">How many sockets get each event.</param>
    /// <param name="patience">How long to wait for the last ones; by default four seconds.</param>
    public static Delivery Measure(
        SocketServer server,
        Crowd crowd,
        IPublisher publisher,
        double rate,
        TimeSpan duration,
        int receivers,
        TimeSpan? patience = null
    )
    {
        var count = (long)Math.Ceiling(rate * duration.TotalSeconds);
        var expected = count * receivers;
        crowd.Tally.Clear();
        var cpu = ProcessTree.CpuSeconds(server.ProcessId);
        var publishing = publisher.PublishAsync(rate, count);
        crowd.ReadUntil(() => publishing.IsCompleted, duration + TimeSpan.FromMinutes(1));
        crowd.ReadUntil(() => crowd.Tally.Events >= expected, patience ?? Drain);
        cpu = ProcessTree.CpuSeconds(server.ProcessId) - cpu;

        var published = publishing.GetAwaiter().GetResult();
        var tally = crowd.Tally;
        var seconds = Stopwatch.GetElapsedTime(published.Begin, Math.Max(published.Begin, tally.LastAt)).TotalSeconds;
        return new Delivery(
            rate,
            published.Rate,
            tally.Events / Math.Max(duration.TotalSeconds, seconds),
            tally.Latencies.Percentile(50),
            tally.Latencies.Percentile(99),
            tally.Latencies.Max,
            cpu,
            tally.Events,
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
