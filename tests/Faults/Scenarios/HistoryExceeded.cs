using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>Clients are away for less, and then for more, than a channel's history holds, which is 1,000 events.</summary>
internal sealed class HistoryExceeded()
    : Scenario(9, "A gap beyond the history", twin: "clients do not resume", shown: "lost without notice")
{
    private const int Users = 10;
    private const int Within = 400;
    private const int Beyond = 1100;
    private const int Rounds = 2;

    public override bool IsQuick => true;

    protected override bool LosesWithNotice => true;

    protected override bool HasTraffic => false;

    protected override int ClientsOf(Measure measure) => Users * Crowd.PerUser;

    protected override Habits HabitsOf(bool isTwin) => isTwin ? Habits.DoesNotResume : Habits.Resumes;

    protected override long ShownBy(Verdict verdict, Finding finding) => verdict.Silent;

    protected override async Task<Finding> HarmAsync(Scene scene)
    {
        // One of each user's two clients goes away, the other sees what becomes of the events.
        var (absent, witnesses) = (scene.Crowd.Listeners.Take(Users).ToArray(), scene.Crowd.Listeners.Skip(Users));
        await MissAsync(scene, Within, absent, witnesses);
        var recovered = absent.Sum(listener => listener.Recoveries);
        for (var round = 0; round < Rounds; round++)
        {
            await MissAsync(scene, Beyond, absent, witnesses);
        }

        var refused = absent.Sum(listener => listener.Refusals);
        return new Finding(
            $"after {Within} missed events {recovered} of {Users} recovered; after {Count(Beyond)} {refused} of {Rounds * Users} were told `recovered:false`",
            (recovered, refused) == (Users, Rounds * Users) ? null : "Not every answer was right"
        );
    }

    private static async Task MissAsync(Scene scene, int events, Listener[] absent, IEnumerable<Listener> witnesses)
    {
        Array.ForEach(absent, listener => listener.StayAway());
        await scene.Publisher.BurstAsync(events);

        // Accepted means that Kafka has them; the gap is as long as it seems once they have their numbers.
        await scene.Publisher.ReachAsync(witnesses);
        await Crowd.BackAsync(absent, listener => listener.ComeBack());

        // Something that comes live ends the gap.
        await scene.Publisher.BurstAsync(1);
        await scene.Publisher.ReachAsync(witnesses);
    }
}
