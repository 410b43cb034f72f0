using RealtimeSuite.Bench.Load;
using RealtimeSuite.Bench.Measuring;
using RealtimeSuite.Bench.Reporting;
using RealtimeSuite.Bench.Servers;

namespace RealtimeSuite.Bench.Scenarios;

/// <summary>What a socket costs on which nothing happens.</summary>
internal sealed class IdleScenario : SocketScenario
{
    private const int Connections = 10_000;
    private const int First = 200;

    public override string Name => "idle";

    public override IReadOnlyCollection<string> Servers => ServerNames.AllButFloor;

    public override IReadOnlyList<Column> Columns =>
        [
            new("RSS a connection, KB", "rss", "F1"),
            new("RSS in all, MB", "all", "F0"),
            new("CPU to open 1,000, s", "opening", "F2"),
            new("CPU while idle, % of a core", "idle", "F1"),
        ];

    public override string Describe(CrowdOptions options) =>
        $"{options.Connections ?? Connections} sockets; {First} were opened and closed before, so that code is loaded. RSS of the server's processes after {Settle(options).TotalSeconds:F0} s without an event, less what it was before.";

    public override Task<Dictionary<string, double>> MeasureAsync(SocketServer server, CrowdOptions options)
    {
        using (var few = Connected(server, First))
        {
            few.ReadUntil(() => false, TimeSpan.FromSeconds(1));
        }

        var count = options.Connections ?? Connections;
        var before = ProcessTree.ResidentKilobytes(server.ProcessId);
        var cpu = ProcessTree.CpuSeconds(server.ProcessId);
        using var crowd = Connected(server, count);
        var opened = ProcessTree.CpuSeconds(server.ProcessId);
        crowd.ReadUntil(() => false, Settle(options));
        var settled = ProcessTree.CpuSeconds(server.ProcessId);
        var after = ProcessTree.ResidentKilobytes(server.ProcessId);
        return Task.FromResult(
            new Dictionary<string, double>(StringComparer.Ordinal)
            {
                ["rss"] = (after - before) / (double)count,
                ["all"] = after / 1024.0,
                ["opening"] = (opened - cpu) / count * 1000,
                ["idle"] = (settled - opened) / Settle(options).TotalSeconds * 100,
            }
        );
    }

    private static TimeSpan Settle(CrowdOptions options) => options.Duration(8);
}
