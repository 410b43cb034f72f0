using System.Diagnostics;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>The replica that has all the clients dies without a word.</summary>
internal sealed class ReplicaKilled()
    : Scenario(6, "A replica killed with all its clients", twin: "clients come back after 8 s and do not resume")
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(15);

    // Longer than Kafka takes to give the partitions of the dead replica to the other: until then its events wait, and nobody misses them.
    private static readonly TimeSpan Away = TimeSpan.FromSeconds(8);

    public override bool IsQuick => true;

    protected override bool IsAtVictim => true;

    protected override int ClientsOf(Measure measure) => measure.Crowd;

    protected override Habits HabitsOf(bool isTwin) => isTwin ? Habits.DoesNotResume : Habits.Resumes;

    protected override async Task<Finding> HarmAsync(Scene scene)
    {
        var killed = Stopwatch.GetTimestamp();
        await scene.Victim.KillAsync();
        if (scene.IsTwin)
        {
            Array.ForEach([.. scene.Crowd.Listeners], listener => listener.StayAway());
            await scene.PassAsync(Away);

            // On a busy machine that may take longer.
            await scene.Stage.NumbersMoreAsync(scene.Replicas.Single(replica => replica != scene.Victim));
            Array.ForEach([.. scene.Crowd.Listeners], listener => listener.ComeBack());
        }

        var back = await scene.Crowd.BackAsync(killed);
        await scene.PassAsync(scene.Measure.Calm);
        await scene.Stage.StartAgainAsync(scene.Victim, scene.Cancellation);
        return new Finding(
            $"all on the other replica after {Seconds(back)}",
            scene.BrokenWhere(back > Promised, "It took too long to come back")
        );
    }
}
