using RealtimeSuite.Bench.Load;
using RealtimeSuite.Bench.Measuring;
using RealtimeSuite.Bench.Publishing;
using RealtimeSuite.Bench.Servers;
using RealtimeSuite.Bench.Sockets;

namespace RealtimeSuite.Bench.Scenarios;

/// <summary>Every event to every socket: latency, rate and CPU of each server at the given rates, in turn.</summary>
internal static class FanOutScenario
{
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(3);
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Measures, and writes a line for each rate and round.</summary>
    public static async Task<int> RunAsync(IReadOnlyList<string> servers, CrowdOptions options)
    {
        await using var backing = await Backing.StartAsync();
        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var name in servers)
            {
                await using var server = ServerNames.New(name, backing);
                await server.StartAsync();
                foreach (var measured in Measure(server, options))
                {
                    Console.WriteLine($"round {round}, {server.Name}: {measured}");
                }
            }
        }

        return 0;
    }

    private static IEnumerable<FanOut> Measure(SocketServer server, CrowdOptions options)
    {
        using var crowd = new Crowd(server.Port, server.Greeting, options.Connections);
        crowd.Connect(atOnce: 100, Patience);
        if (crowd.Failures > 0)
        {
            throw new InvalidOperationException(
                $"{server.Name}: {crowd.Failures} sockets were not opened; {crowd.LastFailure}."
            );
        }

        using var publisher = new Publisher(server.PublishPort, server.ToAll(options.Bytes));
        FanOut.Measure(server, crowd, publisher, options.Rates[0], WarmUp);
        foreach (var rate in options.Rates)
        {
            yield return FanOut.Measure(server, crowd, publisher, rate, options.Duration);
        }
    }
}
