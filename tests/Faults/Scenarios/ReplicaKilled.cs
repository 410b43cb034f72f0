using System.Diagnostics;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>The replica that has all the clients dies without a word.</summary>
internal sealed class ReplicaKilled()
    : Scenario(6, "A replica killed with all its clients", twin: "clients do not resume")
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(15);

    public override bool IsQuick => true;

    protected override bool IsAtVictim => true;

    protected override int ClientsOf(Measure measure) => measure.Crowd;

    protected override Habits HabitsOf(bool isTwin) => isTwin ? Habits.DoesNotResume : Habits.Resumes;

    protected override async Task<Finding> HarmAsync(Scene scene)
    {
        var killed = Stopwatch.GetTimestamp();
        scene.Victim.Kill();
        var back = await scene.Crowd.BackAsync(killed);
        await scene.PassAsync(scene.Measure.Calm);
        await scene.Stage.StartAgainAsync(scene.Victim, scene.Cancellation);
        return new Finding(
            $"all on the other replica after {Seconds(back)}",
            scene.BrokenWhere(back > Promised, "It took too long to come back")
        );
    }
}
