using System.Diagnostics;
using RealtimeSuite.Faults.Injection;
using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>Connections to Redis stay open, but every byte on them vanishes.</summary>
internal sealed class RedisSilent()
    : Scenario(
        4,
        "Redis alive but silent",
        twin: "a watchdog that waits an hour",
        shown: "not delivered by the time that Redis spoke again"
    )
{
    // Of the pool, for calls that wait; one for each call that is stuck would be hundreds.
    private const int FewThreads = 30;
    private static readonly TimeSpan Promised = TimeSpan.FromSeconds(15);

    public override StageSettings SettingsOf(bool isTwin) =>
        new(SilentRedis: true, Gateway: isTwin ? "Continuity__WatchdogTimeout=01:00:00" : null);

    protected override long ShownBy(Verdict verdict, Finding finding) => finding.Late;

    protected override async Task<Finding> HarmAsync(Scene scene)
    {
        var threads = scene.Replicas.Max(replica => replica.Threads());
        scene.Stage.RedisRelay!.Silence();
        var silent = Stopwatch.GetTimestamp();
        var (noticed, text) = scene.IsTwin ? (TimeSpan.Zero, "") : await WatchAsync(scene, silent);
        await scene.PassAsync(scene.Measure.Outage - Stopwatch.GetElapsedTime(silent));
        var answers = await Task.WhenAll(scene.Replicas.Select(scene.Stage.AnswerAsync));
        var more = scene.Replicas.Max(replica => replica.Threads()) - threads;
        var late = scene.Missing;

        scene.Stage.RedisRelay.Mend();
        await scene.Stage.AreAllAsync("Healthy", scene.Replicas);
        return new Finding(
            $"{text}`/alive` answered within {Count((long)Math.Ceiling(answers.Max().TotalMilliseconds))} ms, {Count(more)} more threads",
            scene.BrokenWhere(noticed > Promised, "It took too long to notice")
                ?? scene.BrokenWhere(more > FewThreads, "Threads are stuck"),
            late
        );
    }

    private static async Task<(TimeSpan Noticed, string Text)> WatchAsync(Scene scene, long silent)
    {
        await scene.Stage.AreAllAsync("Degraded", scene.Replicas);
        var noticed = Stopwatch.GetElapsedTime(silent);
        await scene.Crowd.GetUnnumberedAsync();
        var delivering = Stopwatch.GetElapsedTime(silent);
        return (noticed, $"degraded after {Seconds(noticed)}, everyone got events again after {Seconds(delivering)}; ");
    }
}
