using System.Diagnostics;
using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Traffic;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>Connections to Redis stay open, but every byte on them vanishes.</summary>
internal sealed class RedisSilent : Scenario
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(15);

    private TimeSpan _noticed;

    public override int Number => 4;

    public override string Title => "Redis alive but silent";

    public override string Twin => "a watchdog that waits an hour";

    public override string Harm => "not delivered when Redis spoke again";

    public override StageSettings SettingsOf(bool isTwin) =>
        new(SilentRedis: true, Gateway: isTwin ? "Continuity__WatchdogTimeout=01:00:00" : null);

    public override async Task<Outcome> RunAsync(
        Stage stage,
        Measure measure,
        bool isTwin,
        CancellationToken cancellationToken
    )
    {
        var replicas = await stage.ReplicasAsync();
        await using var crowd = await stage.GatherAsync(measure.Clients, Habits.Resumes);
        await using var publisher = stage.PublisherFor(crowd);
        publisher.Start(measure.EventsPerSecond);
        await Task.Delay(measure.Calm, cancellationToken);
        var threads = replicas.Max(replica => replica.Threads());

        stage.RedisRelay!.Silence();
        var silent = Stopwatch.GetTimestamp();
        var figures = isTwin ? "" : await WatchAsync(stage, crowd, replicas, silent) + "; ";
        var rest = measure.Outage - Stopwatch.GetElapsedTime(silent);
        await Task.Delay(rest > TimeSpan.Zero ? rest : TimeSpan.Zero, cancellationToken);
        var answers = await Task.WhenAll(replicas.Select(stage.AnswerAsync));
        var more = replicas.Max(replica => replica.Threads()) - threads;
        var late = (publisher.Total * Crowd.PerUser) - crowd.Delivered;

        stage.RedisRelay.Mend();
        await stage.AreAllAsync("Healthy", replicas);
        await Task.Delay(measure.Calm, cancellationToken);
        var verdict = await crowd.SettleAsync(publisher, Patience);
        return new Outcome(
            crowd.Listeners.Count,
            verdict,
            late,
            $"{figures}`/alive` answers within {Count((long)Math.Ceiling(answers.Max().TotalMilliseconds))} ms, {Count(more)} more threads"
        );
    }

    public override void Check(Outcome outcome, Measure measure)
    {
        base.Check(outcome, measure);
        Assert.True(!measure.IsFull || _noticed <= Promised, $"It took too long to notice: {outcome}");
    }

    private async Task<string> WatchAsync(Stage stage, Crowd crowd, IReadOnlyList<GatewayReplica> replicas, long silent)
    {
        var before = crowd.Listeners.ToDictionary(listener => listener, listener => listener.Book.Unnumbered);
        await stage.AreAllAsync("Degraded", replicas);
        _noticed = Stopwatch.GetElapsedTime(silent);
        await Eventually.TrueAsync(
            () => crowd.Listeners.All(listener => listener.Book.Unnumbered > before[listener]),
            "events come straight from Kafka",
            Patience
        );
        return $"degraded after {Seconds(_noticed)}, everyone got events straight from Kafka after {Seconds(Stopwatch.GetElapsedTime(silent))}";
    }
}
