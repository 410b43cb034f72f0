using RealtimeSuite.Faults.Traffic;

namespace RealtimeSuite.Faults.Scenarios;

/// <summary>Clients are away for less, and then for more, than a channel's history holds, which is 1,000 events.</summary>
internal sealed class HistoryExceeded()
    : Scenario(9, "A gap beyond the history", twin: "clients do not resume", shown: "lost without notice")
{
    private const int Clients = 10;
    private const int Within = 400;
    private const int Beyond = 1100;
    private const int Rounds = 2;

    public override bool IsQuick => true;

    protected override bool LosesWithNotice => true;

    protected override bool HasTraffic => false;

    protected override int ClientsOf(Measure measure) => Clients;

    protected override Habits HabitsOf(bool isTwin) => isTwin ? Habits.DoesNotResume : Habits.Resumes;

    protected override long ShownBy(Verdict verdict, Finding finding) => verdict.Silent;

    protected override async Task<Finding> HarmAsync(Scene scene)
    {
        var clients = scene.Crowd.Listeners;
        await scene.Publisher.BurstAsync(1);
        await MissAsync(scene, Within);
        var recovered = clients.Sum(listener => listener.Recoveries);
        for (var round = 0; round < Rounds; round++)
        {
            await MissAsync(scene, Beyond);
        }

        var refused = clients.Sum(listener => listener.Refusals);
        return new Finding(
            $"after {Within} missed events {recovered} of {Clients} recovered; after {Count(Beyond)} {refused} of {Rounds * Clients} were told `recovered:false`",
            (recovered, refused) == (Clients, Rounds * Clients) ? null : "Not every answer was right"
        );
    }

    private static async Task MissAsync(Scene scene, int events)
    {
        foreach (var listener in scene.Crowd.Listeners)
        {
            listener.StayAway();
        }

        await scene.Publisher.BurstAsync(events);
        await Crowd.BackAsync(scene.Crowd.Listeners, listener => listener.ComeBack());

        // Something that comes live ends the gap.
        await scene.Publisher.BurstAsync(1);
    }
}
