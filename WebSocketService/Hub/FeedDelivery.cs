using Microsoft.Extensions.Options;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Dialects;
using RealtimeSuite.Gateway.Intake;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Gateway.Hub;

/// <summary>
/// Delivers what comes from Redis, and minds the numbers. Redis pub/sub is at most once: a number that is missing is read from the
/// channel's history, and if it is not there, every client of the channel is told.
/// </summary>
internal sealed partial class FeedDelivery(
    EventDelivery delivery,
    ChannelHub hub,
    ChannelLog log,
    GatewayTelemetry telemetry,
    IOptions<GatewayOptions> gateway,
    IOptions<ContinuityOptions> options,
    TimeProvider clock,
    ILogger<FeedDelivery> logger
)
{
    private volatile KafkaPositions _tailStart = KafkaPositions.None;
    private volatile KafkaPositions _tailEnd = KafkaPositions.None;

    /// <summary>From where on the last tail delivered.</summary>
    public KafkaPositions TailStart
    {
        get => _tailStart;
        set => _tailStart = value;
    }

    /// <summary>Up to where it did.</summary>
    public KafkaPositions TailEnd
    {
        get => _tailEnd;
        set => _tailEnd = value;
    }

    /// <summary>Delivers an event, and before it what is missing. For one channel, one event after the other.</summary>
    public ValueTask DeliverAsync(Feed feed, ChannelEvent channelEvent)
    {
        if (
            feed.Last is { } last
            && options.Value.RepairGaps
            && (channelEvent.Epoch == last.Epoch ? channelEvent.Offset > last.Offset + 1 : channelEvent.Offset > 1)
        )
        {
            return RepairAsync(feed, channelEvent, last);
        }

        Deliver(feed, channelEvent);
        return ValueTask.CompletedTask;
    }

    /// <summary>Delivers an event.</summary>
    public void Deliver(Feed feed, ChannelEvent channelEvent)
    {
        feed.Last = new ChannelPosition(channelEvent.Epoch, channelEvent.Offset);
        if (channelEvent.Place is { } place && _tailEnd.HasPassed(place))
        {
            delivery.DeliverBacklog(channelEvent);
        }
        else
        {
            delivery.Deliver(channelEvent);
        }
    }

    private async ValueTask RepairAsync(Feed feed, ChannelEvent next, ChannelPosition last)
    {
        // A new epoch began at zero, and whatever the old one lost at its end was never published.
        var from = new ChannelPosition(next.Epoch, next.Epoch == last.Epoch ? last.Offset : 0);
        var history = await ReadAsync(feed.Channel, from);
        Log.Gap(logger, feed.Channel, last.Offset, next.Offset, history.IsComplete);
        telemetry.FoundGap(history.IsComplete);
        foreach (var missing in history.Events.Where(missing => missing.Offset < next.Offset))
        {
            Deliver(feed, missing);
        }

        if (!history.IsComplete)
        {
            var told = new Dictionary<string, ChannelRecovery>(StringComparer.Ordinal)
            {
                [feed.Channel] = new(Recovered: false, 0, next.Offset - 1, next.Epoch),
            };
            hub.Tell(feed.Channel, ServerFrames.Resumed(told));
        }

        Deliver(feed, next);
    }

    private async Task<ChannelHistory> ReadAsync(string channel, ChannelPosition from)
    {
        try
        {
            var histories = await log.ReadAsync([KeyValuePair.Create<string, ChannelPosition?>(channel, from)])
                .WaitAsync(gateway.Value.ReadTimeout, clock);
            return histories[0];
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            return ChannelHistory.Unknown(channel);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "On {Channel} number {Next} followed {Last}; what is missing was read from the history: {Repaired}"
        )]
        public static partial void Gap(ILogger logger, string channel, long last, long next, bool repaired);
    }
}
