using System.Diagnostics;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>Connections are cut at random, and the clients come back to whichever replica takes them.</summary>
internal sealed class KickedClients() : Scenario(1, "Clients kicked at random", twin: "clients do not resume")
{
    private const int KicksPerSecond = 50;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    public override bool IsQuick => true;

    protected override Habits HabitsOf(bool isTwin) => isTwin ? Habits.DoesNotResume : Habits.Resumes;

    protected override async Task<Finding> HarmAsync(Scene scene)
    {
        var clients = scene.Crowd.Listeners;
        var started = Stopwatch.GetTimestamp();
        var kicks = 0;
        for (TimeSpan past; (past = Stopwatch.GetElapsedTime(started)) < scene.Measure.Outage * 1.5; )
        {
            for (var due = (int)(past.TotalSeconds * KicksPerSecond); kicks < due; kicks++)
            {
                clients[Random.Shared.Next(clients.Count)].Kick();
            }

            await scene.PassAsync(Tick);
        }

        return new Finding($"{Count(kicks)} kicks, {Count(scene.Crowd.Returns)} reconnections");
    }
}
