using System.Net.ServerSentEvents;
using System.Runtime.CompilerServices;
using System.Text.Json;
using RealtimeSuite.Gateway.Operations.Fleet;
using RealtimeSuite.Messaging;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Operations.Tail;

/// <summary>
/// The tail of all replicas as server-sent events: <c>events</c>, a <see cref="TailBatch"/>, a few times a second where there is something
/// to tell; and <c>state</c>, a <see cref="TailState"/>, each second.
/// </summary>
internal sealed class TailStream(TailReaders readers, GatewayTelemetry telemetry, FleetCalls fleet, TimeProvider clock)
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    /// <summary>Reads until cancelled.</summary>
    public async IAsyncEnumerable<SseItem<string>> ReadAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        var reader = readers.Open();
        ChannelMessageQueue? others = null;
        try
        {
            while (true)
            {
                var beatAt = clock.GetTimestamp();
                others ??= await readers.HearOthersAsync(reader);
                yield return new SseItem<string>(
                    JsonSerializer.Serialize(await AskAsync(), FleetJson.Default.TailState),
                    "state"
                );
                while (Beat - clock.GetElapsedTime(beatAt) is { Ticks: > 0 } rest)
                {
                    if (await reader.NextAsync(rest, cancellationToken) is { } batch)
                    {
                        yield return new SseItem<string>(
                            JsonSerializer.Serialize(batch, FleetJson.Default.TailBatch),
                            "events"
                        );
                    }
                }
            }
        }
        finally
        {
            readers.Close(reader, others);
        }
    }

    /// <summary>Tells every replica that somebody reads.</summary>
    private async Task<TailState> AskAsync()
    {
        telemetry.Deliveries.Tail.TurnOn(clock.GetTimestamp());
        try
        {
            var result = await fleet.AskAsync(FleetAction.Tail, request => request);
            return new TailState(clock.GetUtcNow(), result.Replicas, result.Answers.Count);
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            return new TailState(clock.GetUtcNow(), Replicas: null, Answered: 1);
        }
    }
}

/// <summary>Whose events the tail tells.</summary>
/// <param name="At">Now, by the clock of the gateway.</param>
/// <param name="Replicas">How many replicas there are; null while Redis is away and nobody knows.</param>
/// <param name="Answered">How many of them tell what they see.</param>
internal sealed record TailState(DateTimeOffset At, int? Replicas, int Answered);
