using System.Diagnostics;
using System.Globalization;
using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>The replica that has all the clients is told to stop.</summary>
internal sealed class ReplicaDrained()
    : Scenario(7, "A replica told to stop, SIGTERM", twin: "`Continuity:DrainWindow` 0", shown: "let go too fast")
{
    private const int Restarting = 1012;
    private const int WindowSeconds = 20;

    public override StageSettings SettingsOf(bool isTwin) =>
        isTwin ? new StageSettings(Gateway: "Continuity__DrainWindow=00:00:00") : StageSettings.Plain;

    protected override bool IsAtVictim => true;

    protected override int ClientsOf(Measure measure) => measure.Crowd;

    protected override long ShownBy(Verdict verdict, Finding finding) => finding.Late;

    protected override async Task<Finding> HarmAsync(Scene scene)
    {
        var clients = scene.Crowd.Listeners;
        var told = Stopwatch.GetTimestamp();
        await scene.Victim.TerminateAsync();
        await scene.Crowd.BackAsync(told);
        double[] closes = [.. clients.Select(one => Stopwatch.GetElapsedTime(told, one.ClosedAt).TotalSeconds)];
        var peak = closes.CountBy(second => (int)second).Max(second => second.Value);
        var mean = closes.Length / Math.Max(1, closes.Max());
        var orderly = clients.Count(listener => listener.CloseCode == Restarting);
        await scene.Stage.StartAgainAsync(scene.Victim, scene.Cancellation);
        return new Finding(
            string.Create(
                CultureInfo.InvariantCulture,
                $"at most {peak:N0} closes in a second, {mean:N0} on average; {orderly:N0} of {clients.Count:N0} with 1012"
            ),
            scene.BrokenWhere(peak > 2 * mean, "The clients were not let go evenly"),
            Late: Math.Max(0, peak - (2 * clients.Count / WindowSeconds))
        );
    }
}
