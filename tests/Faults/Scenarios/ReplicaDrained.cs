using System.Diagnostics;
using System.Globalization;
using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>The replica that has all the clients is told to stop.</summary>
internal sealed class ReplicaDrained : Scenario
{
    private const int Restarting = 1012;

    private double _mean;
    private int _peak;

    public override int Number => 7;

    public override string Title => "A replica told to stop, SIGTERM";

    public override string Twin => "`Continuity:DrainWindow` 0, and clients do not resume";

    public override StageSettings SettingsOf(bool isTwin) =>
        isTwin ? new StageSettings(Gateway: "Continuity__DrainWindow=00:00:00") : StageSettings.Plain;

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

        var told = Stopwatch.GetTimestamp();
        victim.Terminate();
        await crowd.BackAsync(told);
        Count(crowd.Listeners, told);

        await Task.Delay(measure.Calm, cancellationToken);
        var verdict = await crowd.SettleAsync(publisher, PatienceOf(isTwin));
        await stage.StartAgainAsync(victim, cancellationToken);
        return new Outcome(
            crowd.Listeners.Count,
            verdict,
            verdict.Lost,
            string.Create(
                CultureInfo.InvariantCulture,
                $"at most {_peak} closes in a second, {_mean:F0} on average, {crowd.Listeners.Count(listener => listener.CloseCode == Restarting)} of {crowd.Listeners.Count} with 1012"
            )
        );
    }

    public override void Check(Outcome outcome, Measure measure)
    {
        base.Check(outcome, measure);
        Assert.True(_peak <= 2 * _mean, $"The clients were not let go evenly: {outcome}");
    }

    private void Count(IReadOnlyList<Listener> listeners, long told)
    {
        double[] closes = [.. listeners.Select(one => Stopwatch.GetElapsedTime(told, one.ClosedAt).TotalSeconds)];
        _peak = closes.GroupBy(second => (int)second).Max(second => second.Count());
        _mean = closes.Length / Math.Max(1, closes.Max());
    }
}
