using System.Diagnostics;
using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>Redis is killed and comes back later; events go on.</summary>
internal sealed class RedisKilled()
    : Scenario(
        2,
        "Redis killed",
        twin: "`Continuity:KafkaTail` off",
        shown: "not delivered by the time that Redis came back"
    )
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(5);

    public override StageSettings SettingsOf(bool isTwin) =>
        isTwin ? new StageSettings(Gateway: "Continuity__KafkaTail=false") : StageSettings.Plain;

    protected override long ShownBy(Verdict verdict, Finding finding) => finding.Late;

    protected override async Task<Finding> HarmAsync(Scene scene)
    {
        await scene.Stage.KillRedisAsync();
        await scene.PassAsync(scene.Measure.Outage);
        var (straight, late) = (scene.Crowd.Unnumbered, scene.Missing);
        await scene.Stage.StartRedisAsync(scene.Cancellation);
        var returned = Stopwatch.GetTimestamp();
        await scene.Stage.AreAllAsync("Healthy", scene.Replicas);
        var back = Stopwatch.GetElapsedTime(returned);
        return new Finding(
            $"{Count(straight)} deliveries in the {Seconds(scene.Measure.Outage)} without Redis; through Redis again {Seconds(back)} after its return",
            scene.BrokenWhere(back > Promised, "Redis was back long before it was used"),
            late
        );
    }
}
