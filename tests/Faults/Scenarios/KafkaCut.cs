using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>Nobody reaches Kafka for a while. What the Api accepts must be stored, what it cannot store it must not accept.</summary>
internal sealed class KafkaCut : Scenario
{
    public override int Number => 5;

    public override string Title => "Kafka's port cut";

    public override string Twin => "a publisher that takes every answer for a yes";

    public override StageSettings SettingsOf(bool isTwin) => new(CutKafka: true);

    public override async Task<Outcome> RunAsync(
        Stage stage,
        Measure measure,
        bool isTwin,
        CancellationToken cancellationToken
    )
    {
        await using var crowd = await stage.GatherAsync(measure.Clients, Habits.Resumes);
        await using var publisher = stage.PublisherFor(crowd, insists: !isTwin);
        publisher.Start(measure.EventsPerSecond);
        await Task.Delay(measure.Calm, cancellationToken);

        stage.KafkaRelay!.Cut();
        await Task.Delay(measure.Outage, cancellationToken);
        stage.KafkaRelay.Mend();

        await Task.Delay(measure.Calm, cancellationToken);
        var verdict = await crowd.SettleAsync(publisher, PatienceOf(isTwin));
        return new Outcome(
            crowd.Listeners.Count,
            verdict,
            verdict.Lost,
            $"{Count(publisher.Refused)} calls refused in {Seconds(measure.Outage)}; the longest wait until an event was accepted was {Seconds(publisher.Longest)}"
        );
    }
}
