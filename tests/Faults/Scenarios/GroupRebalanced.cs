using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>Kafka's partitions move from replica to replica and back: one dies and returns, then leaves in order and returns.</summary>
internal sealed class GroupRebalanced()
    : Scenario(
        8,
        "The consumer group rebalanced under load",
        twin: "`Continuity:Deduplicate` off",
        shown: "delivered again"
    )
{
    public override StageSettings SettingsOf(bool isTwin) =>
        isTwin ? StageSettings.WithoutDeduplication : StageSettings.Plain;

    protected override long ShownBy(Verdict verdict, Finding finding) => verdict.Repeated;

    protected override async Task<Finding> HarmAsync(Scene scene)
    {
        var busiest = await scene.Stage.BusiestAsync(scene.Replicas);
        await LeaveAndReturnAsync(scene, busiest, replica => replica.KillAsync());
        await scene.PassAsync(scene.Measure.Calm);
        var other = scene.Replicas.Single(one => one != busiest);
        await LeaveAndReturnAsync(scene, other, replica => replica.TerminateAsync());
        return new Finding($"each replica left and came back, {Count(scene.Crowd.Returns)} reconnections");
    }

    private static async Task LeaveAndReturnAsync(
        Scene scene,
        GatewayReplica leaving,
        Func<GatewayReplica, Task> endAsync
    )
    {
        await endAsync(leaving);

        // Longer than Kafka waits for a member that says nothing any more.
        await scene.PassAsync(scene.Measure.Outage / 2);
        await scene.Stage.StartAgainAsync(leaving, scene.Cancellation);
    }
}
