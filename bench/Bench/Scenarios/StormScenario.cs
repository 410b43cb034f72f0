using System.Diagnostics;
using RealtimeSuite.Bench.Load;
using RealtimeSuite.Bench.Measuring;
using RealtimeSuite.Bench.Reporting;
using RealtimeSuite.Bench.Servers;
using StackExchange.Redis;

namespace RealtimeSuite.Bench.Scenarios;

/// <summary>All clients lose their connections at the same moment and come back within seconds, while events go on.</summary>
internal sealed class StormScenario : SocketScenario
{
    private const int Connections = 10_000;
    private const double Rate = 4;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    public override string Name => "storm";

    public override IReadOnlyList<Column> Columns =>
        [
            new("errors", "errors", "F0"),
            new("all back after, s", "seconds", "F1"),
            new("p99 of opening a socket, ms", "opening", "F0"),
            new("events lost, of 100", "lost", "F2"),
            new("came twice", "again", "F0"),
            new("CPU s", "cpu", "F1"),
            new("Redis commands a connection, those in scripts included", "commands", "F1"),
        ];

    public override string Describe(CrowdOptions options) =>
        $"{options.Connections ?? Connections} sockets are cut and opened again evenly over {options.Duration(5).TotalSeconds:F0} s, with {Rate} events a second to all meanwhile. Clients of the gateway say what they had last, and events come to it by Kafka; the others have nothing of the kind and lose what happens while a client is away.";

    public override async Task<Dictionary<string, double>> MeasureAsync(SocketServer server, CrowdOptions options)
    {
        var count = options.Connections ?? Connections;
        var window = options.Duration(5);
        using var crowd = Connected(server, count);
        using var publisher = server.Lasting(options.Bytes);
        var first = await publisher.PublishAsync(Rate, (long)Rate);
        crowd.ReadUntil(() => crowd.Tally.Events >= first.Count * count, Patience);
        await server.PrepareReturnAsync(crowd);

        await using var redis = await server.RedisAsync();
        crowd.Tally.Clear();
        var commands = await CommandsAsync(redis);
        var cpu = ProcessTree.CpuSeconds(server.ProcessId);
        var started = Stopwatch.GetTimestamp();
        crowd.Drop();
        var publishing = publisher.PublishAsync(Rate, (long)(Rate * (window.TotalSeconds + 2)));
        crowd.Connect(Patience, count / window.TotalSeconds);
        var back = Stopwatch.GetElapsedTime(started);
        crowd.ReadUntil(() => publishing.IsCompleted, Patience);
        var published = await publishing;
        var expected = published.Count * count;
        crowd.ReadUntil(() => crowd.Tally.Events - crowd.Tally.Duplicates >= expected, TimeSpan.FromSeconds(5));
        cpu = ProcessTree.CpuSeconds(server.ProcessId) - cpu;
        commands = await CommandsAsync(redis) - commands;
        var got = crowd.Tally.Events - crowd.Tally.Duplicates;
        if (crowd.Failures > 0)
        {
            Console.WriteLine($"{server.Name}: the last of {crowd.Failures} errors: {crowd.LastFailure}.");
        }

        return new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["errors"] = crowd.Failures,
            ["seconds"] = back.TotalSeconds,
            ["opening"] = crowd.Opening.Percentile(99),
            ["lost"] = (expected - got) * 100.0 / expected,
            ["again"] = crowd.Tally.Duplicates,
            ["cpu"] = cpu,
            ["commands"] = commands / count,
        };
    }

    private static async Task<double> CommandsAsync(ConnectionMultiplexer redis)
    {
        var statistics = await redis.GetServers()[0].InfoAsync("commandstats");
        return statistics
            .SelectMany(group => group)
            .Where(command => command.Key is not ("cmdstat_publish" or "cmdstat_info"))
            .Sum(command => double.Parse(command.Value.Split('=', ',')[1]));
    }
}
