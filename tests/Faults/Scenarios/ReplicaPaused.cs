using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>A replica stands still, is given up by Kafka, and goes on as if nothing had been.</summary>
internal sealed class ReplicaPaused : Scenario
{
    public override int Number => 10;

    public override string Title => "A replica paused, SIGSTOP";

    public override string Twin => "`Continuity:Deduplicate` off";

    public override string Harm => "delivered again";

    public override StageSettings SettingsOf(bool isTwin) =>
        isTwin ? new StageSettings(Gateway: "Continuity__Deduplicate=false") : StageSettings.Plain;

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

        replicas[0].Pause();
        await Task.Delay(measure.Outage * 1.5, cancellationToken);
        replicas[0].Continue();
        await stage.AreAllAsync("Healthy", replicas);

        await Task.Delay(measure.Calm, cancellationToken);
        var verdict = await crowd.SettleAsync(publisher, Patience);
        Assert.Equal(replicas, await stage.ReplicasAsync());
        return new Outcome(
            crowd.Listeners.Count,
            verdict,
            verdict.Repeated,
            $"paused for {Seconds(measure.Outage * 1.5)}, {Count(crowd.Listeners.Sum(listener => listener.Returns))} reconnections"
        );
    }
}
