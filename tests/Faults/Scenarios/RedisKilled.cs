using System.Diagnostics;
using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>Redis is killed and comes back later; events go on.</summary>
internal sealed class RedisKilled : Scenario
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);

    private TimeSpan _back;

    public override int Number => 2;

    public override string Title => "Redis killed";

    public override string Twin => "`Continuity:KafkaTail` off";

    public override string Harm => "not delivered when Redis came back";

    public override StageSettings SettingsOf(bool isTwin) =>
        isTwin ? new StageSettings(Gateway: "Continuity__KafkaTail=false") : StageSettings.Plain;

    public override async Task<Outcome> RunAsync(
        Stage stage,
        Measure measure,
        bool isTwin,
        CancellationToken cancellationToken
    )
    {
        await using var crowd = await stage.GatherAsync(measure.Clients, Habits.Resumes);
        await using var publisher = stage.PublisherFor(crowd);
        publisher.Start(measure.EventsPerSecond);
        await Task.Delay(measure.Calm, cancellationToken);

        await stage.KillRedisAsync();
        await Task.Delay(measure.Outage, cancellationToken);
        var straight = crowd.Unnumbered;
        var late = (publisher.Total * Crowd.PerUser) - crowd.Delivered;
        await stage.StartRedisAsync(cancellationToken);
        var returned = Stopwatch.GetTimestamp();
        await stage.AreAllAsync("Healthy", await stage.ReplicasAsync());
        _back = Stopwatch.GetElapsedTime(returned);

        await Task.Delay(measure.Calm, cancellationToken);
        var verdict = await crowd.SettleAsync(publisher, Patience);
        return new Outcome(
            crowd.Listeners.Count,
            verdict,
            late,
            $"{Count(straight)} deliveries while Redis was away, {Seconds(measure.Outage)}; through Redis again {Seconds(_back)} after its return"
        );
    }

    public override void Check(Outcome outcome, Measure measure)
    {
        base.Check(outcome, measure);
        Assert.True(!measure.IsFull || _back <= Promised, $"Redis was back long before it was used: {outcome}");
    }
}
