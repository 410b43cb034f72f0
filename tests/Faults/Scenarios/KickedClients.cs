using System.Diagnostics;
using RealtimeSuite.Faults.Injection;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>Connections are cut at random, and the clients come back to whichever replica takes them.</summary>
internal sealed class KickedClients : Scenario
{
    private const int KicksPerSecond = 50;
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(20);

    public override int Number => 1;

    public override string Title => "Clients kicked at random";

    public override string Twin => "clients do not resume";

    public override bool IsQuick => true;

    public override async Task<Outcome> RunAsync(
        Stage stage,
        Measure measure,
        bool isTwin,
        CancellationToken cancellationToken
    )
    {
        await using var crowd = await stage.GatherAsync(measure.Clients, HabitsOf(isTwin));
        await using var publisher = stage.PublisherFor(crowd);
        publisher.Start(measure.EventsPerSecond);
        var started = Stopwatch.GetTimestamp();
        var kicks = 0;
        for (TimeSpan past; (past = Stopwatch.GetElapsedTime(started)) < measure.Outage * 1.5; )
        {
            for (var due = (int)(past.TotalSeconds * KicksPerSecond); kicks < due; kicks++)
            {
                crowd.Listeners[Random.Shared.Next(crowd.Listeners.Count)].Kick();
            }

            await Task.Delay(Tick, cancellationToken);
        }

        var verdict = await crowd.SettleAsync(publisher, PatienceOf(isTwin));
        var returns = crowd.Listeners.Sum(listener => listener.Returns);
        return new Outcome(crowd.Listeners.Count, verdict, verdict.Lost, $"{Count(returns)} reconnections");
    }
}
