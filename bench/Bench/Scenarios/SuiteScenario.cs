using RealtimeSuite.Bench.Load;
using RealtimeSuite.Bench.Publishing;
using RealtimeSuite.Bench.Reporting;
using RealtimeSuite.Bench.Servers;
using RealtimeSuite.Bench.Sockets;

namespace RealtimeSuite.Bench.Scenarios;

/// <summary>
/// The whole suite as <c>eng/run.sh</c> starts it, in Release: from the REST call that creates a task, through store, outbox, Kafka, intake
/// and Redis, to the socket of its owner.
/// </summary>
internal static class SuiteScenario
{
    private const string Name = "suite";
    private const int Users = 50;
    private const int Rate = 200;

    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private static readonly Column[] Columns =
    [
        new("REST call to socket, p50 ms", "p50", "F1"),
        new("p99, ms", "p99", "F1"),
        new("REST answer, p50 ms", "answer p50", "F1"),
        new("p99, ms", "answer p99", "F1"),
        new("events lost", "lost", "F0"),
        new("calls failed", "failed", "F0"),
    ];

    /// <summary>Measures, and writes the table.</summary>
    public static async Task<int> RunAsync(string readme, CrowdOptions options)
    {
        var load = Machine.LoadAverage();
        var rounds = new List<Sample>();
        await using var suite = new SuiteServer();
        await suite.StartAsync();
        await suite.ReadyAsync();
        using var crowd = new Crowd(suite.Port, SuiteServer.Greeting, Users);
        crowd.Connect(Patience);
        using var publisher = new RestPublisher(suite.Api, [.. Enumerable.Range(0, Users).Select(SuiteServer.TokenOf)]);
        Measure(crowd, publisher, WarmUp);
        for (var round = 1; round <= options.Rounds; round++)
        {
            var values = Measure(crowd, publisher, options.Duration(10));
            rounds.Add(new Sample(Name, load, values));
            Console.WriteLine(
                $"{Name}, round {round}: {string.Join(", ", values.Select(value => $"{value.Key} {value.Value:F1}"))}"
            );
        }

        await ReadmeTable.WriteAsync(
            readme,
            Name,
            $"""
            {Machine.Describe()} Load average before the start: {load:F1}.
            `POST /api/tasks` at {Rate} a second for {options.Duration(
                10
            ).TotalSeconds:F0} s, by {Users} users with a socket each; two replicas of the gateway. Median (least-most) of {options.Rounds} rounds.

            | {string.Join(" | ", Columns.Select(column => column.Title))} |
            |{string.Concat(Enumerable.Repeat("---|", Columns.Length))}
            | {string.Join(" | ", Columns.Select(column => column.Write(rounds)))} |
            """
        );
        return 0;
    }

    private static Dictionary<string, double> Measure(Crowd crowd, RestPublisher publisher, TimeSpan duration)
    {
        var count = (long)(Rate * duration.TotalSeconds);
        var failed = publisher.Failures;
        crowd.Tally.Clear();
        publisher.Answers.Clear();
        var publishing = publisher.PublishAsync(Rate, count);
        crowd.ReadUntil(() => publishing.IsCompleted, duration + Patience);
        crowd.ReadUntil(() => crowd.Tally.Events >= count, Patience);
        publishing.GetAwaiter().GetResult();
        return new Dictionary<string, double>(StringComparer.Ordinal)
        {
            ["p50"] = crowd.Tally.Latencies.Percentile(50),
            ["p99"] = crowd.Tally.Latencies.Percentile(99),
            ["answer p50"] = publisher.Answers.Percentile(50),
            ["answer p99"] = publisher.Answers.Percentile(99),
            ["lost"] = count - crowd.Tally.Events,
            ["failed"] = publisher.Failures - failed,
        };
    }
}
