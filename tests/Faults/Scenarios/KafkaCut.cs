using RealtimeSuite.Faults.Injection;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>Nobody reaches Kafka for a while. What the Api accepts must be stored, what it cannot store it must not accept.</summary>
internal sealed class KafkaCut()
    : Scenario(5, "Kafka's port cut", twin: "a publisher that takes every answer for a yes")
{
    public override StageSettings SettingsOf(bool isTwin) => new(CutKafka: true);

    protected override bool Insists(bool isTwin) => !isTwin;

    protected override async Task<Finding> HarmAsync(Scene scene)
    {
        scene.Stage.KafkaRelay!.Cut();
        await scene.PassAsync(scene.Measure.Outage);
        scene.Stage.KafkaRelay.Mend();
        await scene.Publisher.AcceptMoreAsync();
        return new Finding(
            $"{Count(scene.Publisher.Refused)} calls refused in {Seconds(scene.Measure.Outage)}; an event waited up to {Seconds(scene.Publisher.Longest)} until it was accepted"
        );
    }
}
