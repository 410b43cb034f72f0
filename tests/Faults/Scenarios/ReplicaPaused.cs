using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>A replica stands still, is given up by Kafka, and goes on as if nothing had been.</summary>
internal sealed class ReplicaPaused()
    : Scenario(10, "A replica paused, SIGSTOP", twin: "`Continuity:Deduplicate` off", shown: "delivered again")
{
    public override StageSettings SettingsOf(bool isTwin) =>
        isTwin ? StageSettings.WithoutDeduplication : StageSettings.Plain;

    protected override long ShownBy(Verdict verdict, Finding finding) => verdict.Repeated;

    protected override async Task<Finding> HarmAsync(Scene scene)
    {
        var pause = scene.Measure.Outage * 1.5;
        var victim = await scene.Stage.BusiestAsync(scene.Replicas);
        await victim.PauseAsync();
        await scene.PassAsync(pause);
        await victim.ContinueAsync();
        await scene.Stage.AreAllAsync("Healthy", scene.Replicas);
        await scene.PassAsync(scene.Measure.Calm);
        var hasSurvived = (await scene.Stage.ReplicasAsync()).SequenceEqual(scene.Replicas);
        return new Finding(
            $"paused for {Seconds(pause)}, {Count(scene.Crowd.Returns)} reconnections",
            hasSurvived ? null : "The replica ended after the pause"
        );
    }
}
