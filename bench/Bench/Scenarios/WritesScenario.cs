using System.Net.Http.Headers;
using System.Net.Http.Json;
using RealtimeSuite.Bench.Load;
using RealtimeSuite.Bench.Reporting;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;
using StackExchange.Redis;

namespace RealtimeSuite.Bench.Scenarios;

/// <summary>
/// What it costs that a write is stored with its event, by a known caller: <c>POST /api/tasks</c> against <see cref="PlainServer"/>, on the
/// same Redis, and <c>POST /api/events</c>, which answers when Kafka has the event. All targets in turn, several rounds, so that
/// what else the machine does meets all alike.
/// </summary>
internal static class WritesScenario
{
    private const string Name = "writes";

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan RelayPatience = TimeSpan.FromMinutes(2);

    /// <summary>Measures, and writes the table into the README.</summary>
    public static async Task<int> RunAsync(string readme, LoadOptions options)
    {
        var machine = $"{Machine.Describe()} Load average before the start: {Machine.LoadAverage():F2}.";
        await using var redis = await GarnetServer.RunAsync();
        await using var kafka = await KafkaBroker.RunAsync();
        await using var api = new ApiServer(redis.Address, kafka.Address, ("ASPNETCORE_ENVIRONMENT", "Production"));
        await using var plain = new PlainServer(redis.Address);
        await Task.WhenAll(api.StartAsync(), plain.StartAsync());

        await using var connection = await redis.ConnectAsync();
        var targets = TargetsOf(plain, api, connection.GetDatabase());
        var rounds = targets.ToDictionary(target => target, _ => new List<Round>());
        foreach (var target in targets)
        {
            await ClosedLoop.RunAsync(target, options.Connections, WarmUp);
        }

        for (var round = 1; round <= options.Rounds; round++)
        {
            foreach (var target in targets)
            {
                var measured = await ClosedLoop.RunAsync(target, options.Connections, options.Duration);
                rounds[target].Add(measured);
                Console.WriteLine($"round {round}, {target.Name}: {measured.PerSecond:F0}/s, p99 {measured.P99:F1} ms");
            }
        }

        await ReadmeTable.WriteAsync(readme, Name, Table(targets, rounds, machine, options));
        return 0;
    }

    private static Target[] TargetsOf(PlainServer plain, ApiServer api, IDatabase database) =>
        [
            new("plain endpoint, one Redis hash", _ => plain.Client(), () => NewTask(PlainServer.Path)),
            new(
                "`POST /api/tasks`",
                number => ServiceOf(api, number),
                () => NewTask("/api/tasks"),
                () => RelayedAsync(database)
            ),
            new("`POST /api/events`", number => ServiceOf(api, number), NewEvent),
        ];

    /// <summary>Waits until Kafka has the events of all writes: what piles up is not sustained.</summary>
    private static Task RelayedAsync(IDatabase database) =>
        Eventually.TrueAsync(
            async () => await database.ListLengthAsync("outbox:api") == 0,
            "the outbox is empty",
            RelayPatience
        );

    /// <summary>A backend of its own for each connection, as the rate limit counts by caller.</summary>
    private static HttpClient ServiceOf(ApiServer api, int number) => api.ClientOf($"service-{number}", "service");

    private static HttpRequestMessage NewTask(string path) =>
        new(HttpMethod.Post, path)
        {
            Content = JsonContent.Create(new { title = "Water the plants", description = "All but the cactus" }),
        };

    private static HttpRequestMessage NewEvent() =>
        new(HttpMethod.Post, "/api/events")
        {
            Content = JsonContent.Create(
                new
                {
                    specversion = "1.0",
                    id = Guid.NewGuid().ToString(),
                    source = "/bench",
                    type = "plants.watered",
                    audience = "user:bench",
                    data = new { plants = 7 },
                },
                new MediaTypeHeaderValue("application/cloudevents+json")
            ),
        };

    private static string Table(
        Target[] targets,
        Dictionary<Target, List<Round>> rounds,
        string machine,
        LoadOptions options
    )
    {
        var plain = rounds[targets[0]];
        var rows = targets.Select(target =>
        {
            var own = rounds[target];
            var rate = Spread.Of(own.Select(round => round.PerSecond)).Write("F0");
            var p50 = Spread.Of(own.Select(round => round.P50)).Write("F1");
            var p99 = Spread.Of(own.Select(round => round.P99)).Write("F1");
            var ratio = Spread.Of(own.Zip(plain, (one, other) => one.PerSecond / other.PerSecond)).Write("F2");
            return $"| {target.Name} | {rate} | {p50} | {p99} | {ratio} |";
        });
        return $"""
            {machine}
            {options.Connections} connections, {options.Rounds} rounds of {options.Duration.TotalSeconds} s each, in turn. Median (least-most) of the rounds.

            | target | writes a second | p50, ms | p99, ms | rate against the plain endpoint |
            |---|---|---|---|---|
            {string.Join('\n', rows)}
            """;
    }
}
