using RealtimeSuite.Bench.Load;
using RealtimeSuite.Bench.Scenarios;

// The first argument says what to measure; "plain" is the server that "writes" compares with, in a process of its own.
return args switch
{
    ["plain"] => await PlainServer.RunAsync(),
    ["writes", var readme] => await WritesScenario.RunAsync(readme, LoadOptions.FromEnvironment()),
    _ => Usage(),
};

static int Usage()
{
    Console.Error.WriteLine(
        "Bench SCENARIO README: measures and writes the table into the README. Scenarios: writes. See bench/README.md."
    );
    return 2;
}
