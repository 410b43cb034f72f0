using System.Globalization;
using RealtimeSuite.Bench.Load;
using RealtimeSuite.Bench.Scenarios;
using RealtimeSuite.Bench.Servers;

// The first argument says what to measure; "plain" and "floor" are servers that it is compared with, in processes of their own.
return args switch
{
    ["plain"] => await PlainServer.RunAsync(),
    [FloorServer.Argument, var port, var redis] => await FloorServer.RunAsync(
        int.Parse(port, CultureInfo.InvariantCulture),
        redis
    ),
    ["writes", var readme] => await WritesScenario.RunAsync(readme, LoadOptions.FromEnvironment()),
    ["suite", var readme] => await SuiteScenario.RunAsync(readme, CrowdOptions.FromEnvironment()),
    ["compare", var readme, .. var servers] => await CompareAsync(readme, servers),
    ["tables", var readme] => await WriteTablesAsync(readme),
    [var name, var readme, .. var servers] when ScenarioNames.Find(name) is { } scenario => await MeasureAsync(
        scenario,
        readme,
        servers,
        CrowdOptions.FromEnvironment()
    ),
    _ => Usage(),
};

static Task<int> CompareAsync(string readme, string[] servers)
{
    var options = CrowdOptions.FromEnvironment();
    var rounds = LoadOptions.Number("ROUNDS", 2);
    return MeasureAsync(ScenarioNames.Find("fanout")!, readme, servers, options with { Rounds = rounds });
}

static async Task<int> WriteTablesAsync(string readme)
{
    foreach (var scenario in ScenarioNames.All)
    {
        await SocketComparison.ReportAsync(scenario, readme, CrowdOptions.FromEnvironment());
    }

    return 0;
}

static Task<int> MeasureAsync(SocketScenario scenario, string readme, string[] servers, CrowdOptions options)
{
    if (servers.FirstOrDefault(server => !ServerNames.All.Contains(server)) is { } unknown)
    {
        Console.Error.WriteLine($"There is no server '{unknown}'. Servers: {string.Join(", ", ServerNames.All)}.");
        return Task.FromResult(2);
    }

    return SocketComparison.RunAsync(scenario, servers.Length > 0 ? servers : scenario.Servers, readme, options);
}

static int Usage()
{
    var scenarios = string.Join(", ", ScenarioNames.All.Select(scenario => scenario.Name));
    Console.Error.WriteLine(
        $"Bench SCENARIO README [SERVER...]: measures and writes the table into the README. Scenarios: writes, suite, compare, tables, {scenarios}. Servers: {string.Join(", ", ServerNames.All)}. See bench/README.md."
    );
    return 2;
}
