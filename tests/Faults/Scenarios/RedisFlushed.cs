using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>Redis forgets everything while some clients are away.</summary>
internal sealed class RedisFlushed : Scenario
{
    private int _absent;
    private int _told;

    public override int Number => 3;

    public override string Title => "Redis emptied by FLUSHALL";

    public override string Twin => "clients take any epoch for the one that they know";

    public override string Harm => "lost without notice";

    public override bool IsQuick => true;

    public override async Task<Outcome> RunAsync(
        Stage stage,
        Measure measure,
        bool isTwin,
        CancellationToken cancellationToken
    )
    {
        var habits = isTwin ? Habits.IgnoresEpochs : Habits.Resumes;
        await using var crowd = await stage.GatherAsync(measure.Clients, habits);
        await using var publisher = stage.PublisherFor(crowd);
        publisher.Start(measure.EventsPerSecond);
        await Task.Delay(measure.Calm, cancellationToken);

        Listener[] absent = [.. crowd.Listeners.Where((_, index) => index % 2 == 0)];
        Array.ForEach(absent, listener => listener.StayAway());
        await Task.Delay(measure.Calm, cancellationToken);
        await stage.FlushRedisAsync();
        await Task.Delay(measure.Calm, cancellationToken);
        await Crowd.BackAsync(absent, listener => listener.ComeBack());
        var told = absent.Count(listener => listener.Refusals > 0);

        // Once more, all of them: positions of the new epoch are as good as those of the old one were.
        await Crowd.BackAsync(crowd.Listeners, listener => listener.Kick());
        var verdict = await crowd.SettleAsync(publisher, PatienceOf(isTwin: true));
        (_absent, _told) = (absent.Length, told);
        return new Outcome(
            crowd.Listeners.Count,
            verdict,
            verdict.Silent,
            $"{Count(told)} of {Count(absent.Length)} clients that were away were told so"
        );
    }

    public override void Check(Outcome outcome, Measure measure)
    {
        Assert.True(outcome.Verdict.Silent == 0, $"Events were lost without notice: {outcome}");
        Assert.True(outcome.Verdict.Lost > 0, $"Nothing was there to be told of: {outcome}");
        Assert.Equal(_absent, _told);
        AssertOnce(outcome);
    }
}
