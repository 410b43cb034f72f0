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
                await using var server = ServerNames.New(name, backing);
                if (round == 1)
                {
                    store.Forget(server.Name);
                }

                try
                {
                    store.Add(await MeasureAsync(scenario, server, options));
                }
                catch (Exception exception) when (exception is InvalidOperationException or TimeoutException)
                {
                    // Of a server that does not start or breaks down there is nothing to tell; the others go on.
                    Console.Error.WriteLine($"{scenario.Name}, round {round}: {exception.Message}");
                }
            }
        }

        await ReportAsync(scenario, readme, options);
        return 0;
    }

    private static async Task<Sample> MeasureAsync(SocketScenario scenario, SocketServer server, CrowdOptions options)
    {
        var load = Machine.LoadAverage();
        await server.StartAsync();
        var values = await scenario.MeasureAsync(server, options);
        var figures = values.Select(value =>
            string.Create(CultureInfo.InvariantCulture, $"{value.Key} {value.Value:0.##}")
        );
        Console.WriteLine($"{scenario.Name}, {server.Name}: {string.Join(", ", figures)}");
        return new Sample(server.Name, load, values);
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
        var rows = servers.Select(server =>
            $"| {server.Key} | {string.Join(" | ", scenario.Columns.Select(column => column.Write([.. server])))} |"
        );
        return $"""
            {Machine.Describe()} {scenario.Describe(options)}
            Rounds of each server: {rounds.Write("F0")}. Load average of the machine before them: {loads.Write(
                "F1"
            )}. Median (least-most) of the rounds.

            | server | {string.Join(" | ", scenario.Columns.Select(column => column.Title))} |
            |---|{string.Concat(Enumerable.Repeat("---|", scenario.Columns.Count))}
            {string.Join('\n', rows)}
            """;
    }
}
