using System.Globalization;
using RealtimeSuite.Bench.Load;
using RealtimeSuite.Bench.Reporting;
using RealtimeSuite.Bench.Servers;
using RealtimeSuite.Bench.Sockets;

namespace RealtimeSuite.Bench.Scenarios;

/// <summary>Runs a scenario with each server, all in turn and several rounds, so that what else the machine does meets all alike.</summary>
internal static class SocketComparison
{
    private const int OpenFiles = 20_000;
    private const double MaxStolen = 0.02;
    private const int Tries = 4;

    /// <summary>Measures, and writes the table and the plots.</summary>
    public static async Task<int> RunAsync(
        SocketScenario scenario,
        IReadOnlyCollection<string> names,
        string readme,
        CrowdOptions options
    )
    {
        if (Libc.RaiseOpenFiles(OpenFiles) is var files and < OpenFiles)
        {
            Console.Error.WriteLine(
                $"Only {files} files may be open (ulimit -n); for 10,000 sockets it takes {OpenFiles}."
            );
        }

        await using var backing = await Backing.StartAsync();
        var store = new SampleStore(scenario.Name);
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var name in names)
            {
                if (round == 1)
                {
                    store.Forget(ServerNames.TitleOf(name));
                }

                if (await MeasureUndisturbedAsync(scenario, name, backing, options) is { } sample)
                {
                    store.Add(sample);
                }
            }
        }

        await ReportAsync(scenario, readme, options);
        return 0;
    }

    /// <summary>Measures, and again when the host of a virtual machine gave much of its time to others meanwhile: the try with the least of that. Null when there is none.</summary>
    private static async Task<Sample?> MeasureUndisturbedAsync(
        SocketScenario scenario,
        string name,
        Backing backing,
        CrowdOptions options
    )
    {
        Sample? best = null;
        for (var tries = 0; tries < Tries && best is not { Stolen: <= MaxStolen }; tries++)
        {
            await using var server = ServerNames.New(name, backing);
            try
            {
                var sample = await MeasureAsync(scenario, server, options);
                best = best is null || sample.Stolen < best.Stolen ? sample : best;
            }
            catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
            {
                // Of a server that does not start or breaks down there is nothing to tell; the others go on.
                Console.Error.WriteLine($"{scenario.Name}, {server.Name}: {exception.Message}");
                break;
            }
        }

        return best;
    }

    private static async Task<Sample> MeasureAsync(SocketScenario scenario, SocketServer server, CrowdOptions options)
    {
        var load = Machine.LoadAverage();
        var before = Machine.Times();
        await server.StartAsync();
        var values = await scenario.MeasureAsync(server, options);
        var figures = values.Select(value =>
            string.Create(CultureInfo.InvariantCulture, $"{value.Key} {value.Value:0.##}")
        );
        var after = Machine.Times();
        var stolen = (after.Stolen - before.Stolen) / Math.Max(1, after.All - before.All);
        Console.WriteLine($"{scenario.Name}, {server.Name}: {string.Join(", ", figures)}; {stolen:P1} stolen");
        return new Sample(server.Name, load, values) { Stolen = stolen };
    }

    /// <summary>Writes the table and the plots of what was measured last.</summary>
    public static async Task ReportAsync(SocketScenario scenario, string readme, CrowdOptions options)
    {
        var servers = new SampleStore(scenario.Name).ByServer(ServerNames.Titles);
        if (servers.Count > 0)
        {
            await ReadmeTable.WriteAsync(readme, scenario.Name, Table(scenario, servers, options));
            scenario.Draw(servers, Path.GetDirectoryName(Path.GetFullPath(readme))!);
        }
    }

    private static string Table(
        SocketScenario scenario,
        IReadOnlyList<IGrouping<string, Sample>> servers,
        CrowdOptions options
    )
    {
        var rounds = Spread.Of(servers.Select(server => (double)server.Count()));
        var loads = Spread.Of(servers.SelectMany(server => server.Select(sample => sample.Load)));
        var stolen = servers.SelectMany(server => server.Select(sample => sample.Stolen * 100));
        var rows = servers.Select(server =>
            $"| {server.Key} | {string.Join(" | ", scenario.Columns.Select(column => column.Write([.. server])))} |"
        );
        return $"""
            {Machine.Describe()} {scenario.Describe(options)}
            Rounds of each server: {rounds.Write("F0")}. Load average of the machine before them: {loads.Write(
                "F1"
            )}. Its host gave {Spread.Of(stolen).Write("F1")} % of its time to others; what was measured with more than {MaxStolen:P0} was measured again, {Tries} times at most. Median (least-most) of the rounds.

            | server | {string.Join(" | ", scenario.Columns.Select(column => column.Title))} |
            |---|{string.Concat(Enumerable.Repeat("---|", scenario.Columns.Count))}
            {string.Join('\n', rows)}
            """;
    }
}
