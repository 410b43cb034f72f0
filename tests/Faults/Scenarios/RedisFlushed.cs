using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>Redis forgets everything while some clients are away.</summary>
internal sealed class RedisFlushed()
    : Scenario(
        3,
        "Redis emptied by FLUSHALL",
        twin: "clients take any epoch for the one that they know",
        shown: "lost without notice"
    )
{
    public override bool IsQuick => true;

    protected override bool LosesWithNotice => true;

    protected override Habits HabitsOf(bool isTwin) => isTwin ? Habits.IgnoresEpochs : Habits.Resumes;

    protected override long ShownBy(Verdict verdict, Finding finding) => verdict.Silent;

    protected override async Task<Finding> HarmAsync(Scene scene)
    {
        var clients = scene.Crowd.Listeners;
        Listener[] absent = [.. clients.Where((_, index) => index % 2 == 0)];
        Array.ForEach(absent, listener => listener.StayAway());
        await scene.PassAsync(scene.Measure.Calm);
        await scene.Stage.FlushRedisAsync();
        await scene.PassAsync(scene.Measure.Calm);
        await Crowd.BackAsync(absent, listener => listener.ComeBack());
        var told = absent.Count(listener => listener.Refusals > 0);

        // Once more, all of them: positions of the new epoch are as good as those of the old one were.
        await Crowd.BackAsync(clients, listener => listener.Kick());
        return new Finding(
            $"{Count(told)} of the {Count(absent.Length)} clients that were away were told `recovered:false`",
            told < absent.Length ? "Not everyone was told" : null
        );
    }
}
