using RealtimeSuite.Bench.Load;
using RealtimeSuite.Bench.Measuring;
using RealtimeSuite.Bench.Publishing;
using RealtimeSuite.Bench.Reporting;
using RealtimeSuite.Bench.Servers;

namespace RealtimeSuite.Bench.Scenarios;

/// <summary>One client in a hundred does not read: what that does to the others, and to the server's memory.</summary>
internal sealed class SlowScenario : SocketScenario
{
    private const int Connections = 1000;
    private const int Bytes = 2000;
    private const int Rate = 100;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public override string Name => "slow";

    public override IReadOnlyList<Column> Columns =>
        [
            new("p99 of all, ms", "without", "F1"),
            new("p99 of the others, ms", "with", "F1"),
            new("ratio", "ratio", "F2"),
            new("lost by the others", "lost", "F0"),
            new("memory taken meanwhile, MB", "memory", "F0"),
        ];

    public override string Describe(CrowdOptions options) =>
        $"{options.Connections ?? Connections} sockets, {Rate} events a second of {Bytes} bytes for {options.Duration(12).TotalSeconds:F0} s, first with all reading, then with 1% that do not.";

    public override Task<Dictionary<string, double>> MeasureAsync(SocketServer server, CrowdOptions options)
    {
        var count = options.Connections ?? Connections;
        var (all, _) = Measure(server, options, count, silent: 0);
        var (others, memory) = Measure(server, options, count, silent: count / 100);
        return Task.FromResult(
            new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["without"] = all.P99,
                ["with"] = others.P99,
                ["ratio"] = others.P99 / all.P99,
                ["lost"] = others.Lost,
                ["memory"] = memory / 1024.0,
            }
        );
    }

    private static (Delivery Delivery, long Kilobytes) Measure(
        SocketServer server,
        CrowdOptions options,
        int count,
        int silent
    )
    {
        using var crowd = Connected(server, count, silent);
        using var publisher = new Publisher(server.PublishPort, server.ToAll(Bytes));
        Delivery.Measure(server, crowd, publisher, Rate, WarmUp, crowd.Readers);
        var before = ProcessTree.ResidentKilobytes(server.ProcessId);
        var measured = Delivery.Measure(server, crowd, publisher, Rate, options.Duration(12), crowd.Readers);
        Console.WriteLine($"{server.Name}, {silent} silent: {measured}");
        return (measured, ProcessTree.ResidentKilobytes(server.ProcessId) - before);
    }
}
