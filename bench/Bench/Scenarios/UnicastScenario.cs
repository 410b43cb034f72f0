using RealtimeSuite.Bench.Load;
using RealtimeSuite.Bench.Measuring;
using RealtimeSuite.Bench.Publishing;
using RealtimeSuite.Bench.Reporting;
using RealtimeSuite.Bench.Servers;

namespace RealtimeSuite.Bench.Scenarios;

/// <summary>Events that are each for one user of many.</summary>
internal sealed class UnicastScenario : SocketScenario
{
    private const int Connections = 10_000;
    private const int Rate = 1000;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(30);

    public override string Name => "unicast";

    public override IReadOnlyCollection<string> Servers => ServerNames.AllButFloor;

    public override IReadOnlyList<Column> Columns =>
        [
            new("CPU s for 8,000 events", "cpu", "F2"),
            new("p50, ms", "p50", "F2"),
            new("p99, ms", "p99", "F1"),
            new("lost", "lost", "F0"),
        ];

    public override string Describe(CrowdOptions options) =>
        $"{Rate} events a second for {options.Duration(8).TotalSeconds:F0} s, each to a random one of {options.Connections ?? Connections} users with a socket each; {options.Bytes} bytes of data.";

    public override Task<Dictionary<string, double>> MeasureAsync(SocketServer server, CrowdOptions options)
    {
        using var crowd = Connected(server, options.Connections ?? Connections);
        using var publisher = new Publisher(
            server.PublishPort,
            server.ToUser(options.Bytes),
            options.Connections ?? Connections
        );
        Delivery.Measure(server, crowd, publisher, Rate, WarmUp, receivers: 1);
        var measured = Delivery.Measure(server, crowd, publisher, Rate, options.Duration(8), receivers: 1);
        return Task.FromResult(
            new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["cpu"] = measured.CpuPerMillion * 8000 / 1e6,
                ["p50"] = measured.P50,
                ["p99"] = measured.P99,
                ["lost"] = measured.Lost,
            }
        );
    }
}
