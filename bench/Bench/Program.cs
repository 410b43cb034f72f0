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
    ["fanout", _, .. var servers] => await FanOutScenario.RunAsync(
        servers.Length > 0 ? servers : [.. ServerNames.All],
        CrowdOptions.FromEnvironment()
    ),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        "Bench SCENARIO README [SERVER...]: measures and writes the table into the README. Scenarios: writes, fanout. See bench/README.md."
    );
    return 2;
}
