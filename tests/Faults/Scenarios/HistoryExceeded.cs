using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>Clients are away for less, and then for more, than a channel's history holds, which is 1,000 events.</summary>
internal sealed class HistoryExceeded : Scenario
{
    private const int Clients = 10;
    private const int Within = 400;
    private const int Beyond = 1100;

    private int _recovered;
    private int _refused;

    public override int Number => 9;

    public override string Title => "A gap beyond the history";

    public override string Twin => "clients do not resume";

    public override string Harm => "lost without notice";

    public override bool IsQuick => true;

    public override async Task<Outcome> RunAsync(
        Stage stage,
        Measure measure,
        bool isTwin,
        CancellationToken cancellationToken
    )
    {
        await using var crowd = await stage.GatherAsync(Clients, HabitsOf(isTwin));
        await using var publisher = stage.PublisherFor(crowd);
        await publisher.BurstAsync(1);
        await MissAsync(crowd, publisher, Within);
        _recovered = crowd.Listeners.Sum(listener => listener.Recoveries);
        await MissAsync(crowd, publisher, Beyond);
        await MissAsync(crowd, publisher, Beyond);
        _refused = crowd.Listeners.Sum(listener => listener.Refusals);
        var verdict = await crowd.SettleAsync(publisher, TwinPatience);
        return new Outcome(
            crowd.Listeners.Count,
            verdict,
            verdict.Silent,
            $"after {Within} events {Count(_recovered)} of {Clients} clients recovered, after {Count(Beyond)} events {Count(_refused)} of {2 * Clients} were told `recovered:false`"
        );
    }

    public override void Check(Outcome outcome, Measure measure)
    {
        Assert.Equal(Clients, _recovered);
        Assert.Equal(2 * Clients, _refused);
        Assert.True(outcome.Verdict.Silent == 0, $"Events were lost without notice: {outcome}");
        AssertOnce(outcome);
    }

    private static async Task MissAsync(Crowd crowd, Publisher publisher, int events)
    {
        foreach (var listener in crowd.Listeners)
        {
            listener.StayAway();
        }

        await publisher.BurstAsync(events);
        await Crowd.BackAsync(crowd.Listeners, listener => listener.ComeBack());

        // Something that comes live ends the gap.
        await publisher.BurstAsync(1);
    }
}
