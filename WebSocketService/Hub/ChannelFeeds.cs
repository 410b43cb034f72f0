using System.Diagnostics;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Dialects;
using RealtimeSuite.Gateway.Intake;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Hub;

/// <summary>
/// The Redis subscriptions of this replica: one per channel that has a connection here, however many. Messages of a channel arrive in
/// order and are only queued on connections. Redis pub/sub is at most once: what is lost there stands in the channel's history.
/// </summary>
internal sealed partial class ChannelFeeds(
    IConnectionMultiplexer redis,
    ChannelHub hub,
    SlowPolicies policies,
    GatewayTelemetry telemetry,
    Replica replica,
    TimeProvider clock,
    ILogger<ChannelFeeds> logger
)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<string, Feed> _feeds = new(StringComparer.Ordinal);

    /// <summary>Subscribes to the channel, or shares the subscription. The task ends when events arrive; it fails when Redis is away. Always paired with <see cref="Release"/>.</summary>
    public Task Hold(string channel)
    {
        lock (_changing)
        {
            if (!_feeds.TryGetValue(channel, out var feed))
            {
                _feeds[channel] = feed = new Feed();
            }

            if (feed.Holders++ == 0 || feed.Change.IsFaulted)
            {
                feed.Change = OpenAsync(channel, feed, feed.Change);
            }

            return feed.Change;
        }
    }

    /// <summary>Gives the subscription up; the last holder ends it.</summary>
    public void Release(string channel)
    {
        lock (_changing)
        {
            if (_feeds.TryGetValue(channel, out var feed) && --feed.Holders == 0)
            {
                feed.Change = CloseAsync(channel, feed, feed.Change);
            }
        }
    }

    private async Task OpenAsync(string channel, Feed feed, Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        try
        {
            await SubscribeAsync(feed, ChannelLog.PubSubName(channel), message => Deliver(channel, message));
            if (Audience.TryParse(channel, out var audience) && audience.Kind == AudienceKind.User)
            {
                await SubscribeAsync(feed, RedisChannels.RawUser(audience.Id), message => DeliverRaw(channel, message));
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            // Half a feed is none: the next attempt subscribes to all of it, and to nothing twice.
            await UnsubscribeAsync(channel, feed);
            throw;
        }
    }

    private async Task SubscribeAsync(Feed feed, string name, Action<RedisValue> deliver)
    {
        var queue = await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal(name));
        queue.OnMessage(message => deliver(message.Message));
        feed.Queues.Add(queue);
    }

    private async Task CloseAsync(string channel, Feed feed, Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await UnsubscribeAsync(channel, feed);
        lock (_changing)
        {
            if (feed.Holders == 0)
            {
                _feeds.Remove(channel);
            }
        }
    }

    private async Task UnsubscribeAsync(string channel, Feed feed)
    {
        try
        {
            foreach (var queue in feed.Queues)
            {
                await queue.UnsubscribeAsync();
            }
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            Log.UnsubscribeFailed(logger, channel, exception.Message);
        }

        feed.Queues.Clear();
    }

    private void Deliver(string channel, RedisValue message)
    {
        if (!ChannelEvent.TryRead(channel, message, out var channelEvent))
        {
            Log.NotAnEvent(logger, channel);
            return;
        }

        using var span = GatewayTelemetry.Source.StartActivity("fan-out", ActivityKind.Consumer, channelEvent.Cause);
        var dialect = DialectSet.For(channelEvent.Event);
        var slow = policies.For(dialect, channelEvent.Event);
        var frame = DialectSet.Encode(dialect, channelEvent, slow, clock.GetUtcNow());
        var fanOut = hub.Publish(channel, frame, dialect.TopicsOf(channelEvent.Event));
        telemetry.FannedOut(fanOut);
        span?.SetTag("realtime.channel", channel);
        span?.SetTag("realtime.offset", channelEvent.Offset);
        span?.SetTag("realtime.connections", fanOut.Queued);
        span?.SetTag("realtime.conflated", fanOut.Conflated);
        span?.SetTag("realtime.refused", fanOut.Refused);
        span?.SetTag("realtime.replica", replica.Id);
        span?.SetTag("cloudevents.event_id", channelEvent.Event.Id);
    }

    private void DeliverRaw(string channel, RedisValue message)
    {
        if (message.HasValue)
        {
            telemetry.FannedOut(hub.Publish(channel, new Frame((ReadOnlyMemory<byte>)message), Topics.Untitled));
        }
    }

    /// <summary>The subscription of one channel. Changes follow one another: each waits for the one before.</summary>
    private sealed class Feed
    {
        public int Holders { get; set; }

        public Task Change { get; set; } = Task.CompletedTask;

        public List<ChannelMessageQueue> Queues { get; } = [];
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A message on {Channel} is no event and was dropped")]
        public static partial void NotAnEvent(ILogger logger, string channel);

        [LoggerMessage(LogLevel.Warning, "The subscription of {Channel} could not be ended: {Reason}")]
        public static partial void UnsubscribeFailed(ILogger logger, string channel, string reason);
    }
}
