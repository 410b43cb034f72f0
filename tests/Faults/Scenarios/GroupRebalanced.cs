using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>Kafka's partitions move from replica to replica and back: one dies and returns, then leaves in order and returns.</summary>
internal sealed class GroupRebalanced : Scenario
{
    public override int Number => 8;

    public override string Title => "The consumer group rebalanced under load";

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
        await using var crowd = await stage.GatherAsync(measure.Clients, Habits.Resumes);
        await using var publisher = stage.PublisherFor(crowd);
        publisher.Start(measure.EventsPerSecond);
        await Task.Delay(measure.Calm, cancellationToken);
        Action<GatewayReplica>[] ends = [replica => replica.Kill(), replica => replica.Terminate()];
        foreach (var end in ends)
        {
            var leaving = (await stage.ReplicasAsync())[0];
            end(leaving);
            await stage.StartAgainAsync(leaving, cancellationToken);
            await Task.Delay(measure.Calm, cancellationToken);
        }

        var verdict = await crowd.SettleAsync(publisher, Patience);
        return new Outcome(
            crowd.Listeners.Count,
            verdict,
            verdict.Repeated,
            $"{Count(ends.Length)} replicas left and came back, {Count(crowd.Listeners.Sum(listener => listener.Returns))} reconnections"
        );
    }
}
