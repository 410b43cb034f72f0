using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using RealtimeSuite.Gateway.Operations.Fleet;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Gateway.Operations.Live;

/// <summary>
/// The figures of all replicas as server-sent events: first <c>history</c>, the last 15 minutes, then <c>figures</c> each second. While
/// Redis is away only this replica is heard; the others are missing, and the event says so.
/// </summary>
internal sealed class LiveStream(FleetCalls fleet, FiguresSampler sampler, Replica replica, TimeProvider clock)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);

    /// <summary>Reads until cancelled.</summary>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        using var timer = new PeriodicTimer(Interval, clock);
        var histories = await AskAsync(FleetAction.History);
        yield return new SseItem<string>(
            JsonSerializer.Serialize(
                new LiveHistory([
                    .. histories.Answers.Select(answer => new ReplicaHistory(answer.Replica, answer.Points)),
                ]),
                FleetJson.Default.LiveHistory
            ),
            "history"
        );
        do
        {
            var result = await AskAsync(FleetAction.Figures);
            var figures = result.Answers.Select(answer => answer.Figures).OfType<ReplicaFigures>();
            var live = new LiveFigures(
                clock.GetUtcNow(),
                result.IsComplete,
                result.Replicas,
                [.. figures.OrderBy(of => of.Replica, StringComparer.Ordinal)]
            );
            yield return new SseItem<string>(JsonSerializer.Serialize(live, FleetJson.Default.LiveFigures), "figures");
        } while (await timer.WaitForNextTickAsync(cancellationToken));
    }

    private async Task<FleetResult> AskAsync(FleetAction action)
    {
        try
        {
            return await fleet.AskAsync(action, request => request);
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            var own = new FleetAnswer("", replica.Id) { Figures = sampler.Latest, Points = sampler.History };
            return new FleetResult([own], Replicas: 1, IsComplete: false);
        }
    }
}

/// <summary>How all replicas are doing.</summary>
/// <param name="At">Now, by the clock of the gateway.</param>
/// <param name="IsComplete">Whether all replicas were heard; false too while Redis is away, when nobody knows how many there are.</param>
/// <param name="Replicas">How many replicas are known.</param>
/// <param name="Figures">Those that were heard, by name.</param>
internal sealed record LiveFigures(
    DateTimeOffset At,
    bool IsComplete,
    int Replicas,
    IReadOnlyList<ReplicaFigures> Figures
);

/// <summary>What was before.</summary>
/// <param name="Replicas">A history each.</param>
internal sealed record LiveHistory(IReadOnlyList<ReplicaHistory> Replicas);

/// <summary>The last 15 minutes of one replica.</summary>
/// <param name="Replica">The replica.</param>
/// <param name="Points">Oldest first.</param>
internal sealed record ReplicaHistory(string Replica, IReadOnlyList<FiguresPoint> Points);
