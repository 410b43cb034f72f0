using System.Diagnostics;
using RealtimeSuite.Faults.Injection;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>The replica that has all the clients dies without a word.</summary>
internal sealed class ReplicaKilled : Scenario
{
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(15);

    private TimeSpan _back;

    public override int Number => 6;

    public override string Title => "A replica killed with all its clients";

    public override string Twin => "clients do not resume";

    public override bool IsQuick => true;

    public override async Task<Outcome> RunAsync(
        Stage stage,
        Measure measure,
        bool isTwin,
        CancellationToken cancellationToken
    )
    {
        var victim = (await stage.ReplicasAsync())[0];
        await using var crowd = await stage.GatherAsync(measure.Crowd, HabitsOf(isTwin), victim);
        await using var publisher = stage.PublisherFor(crowd);
        publisher.Start(measure.EventsPerSecond);
        await Task.Delay(measure.Calm, cancellationToken);

        var killed = Stopwatch.GetTimestamp();
        victim.Kill();
        _back = await crowd.BackAsync(killed);

        await Task.Delay(measure.Calm, cancellationToken);
        var verdict = await crowd.SettleAsync(publisher, PatienceOf(isTwin));
        await stage.StartAgainAsync(victim, cancellationToken);
        return new Outcome(
            crowd.Listeners.Count,
            verdict,
            verdict.Lost,
            $"all {Count(crowd.Listeners.Count)} clients back on the other replica after {Seconds(_back)}"
        );
    }

    public override void Check(Outcome outcome, Measure measure)
    {
        base.Check(outcome, measure);
        Assert.True(!measure.IsFull || _back <= Promised, $"It took too long to come back: {outcome}");
    }
}
