using System.Diagnostics.CodeAnalysis;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Intake;
using RealtimeSuite.Messaging;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Hub;

/// <summary>
/// The Redis subscriptions of this replica: one per channel that has a connection here, however many. Messages of a channel arrive in
/// order and are only queued on connections. While Redis is away the feeds are suspended and <see cref="KafkaTail"/> delivers instead.
/// </summary>
/// <remarks>
/// Of an event with a place in Kafka exactly one of the two delivers: the feed what stands before the tail's start and behind its end, the
/// tail what is between. What comes between from Redis has been delivered already, without a number, and is the backlog.
/// </remarks>
internal sealed partial class ChannelFeeds(
    IConnectionMultiplexer redis,
    ChannelHub hub,
    FeedDelivery delivery,
    GatewayTelemetry telemetry,
    ILogger<ChannelFeeds> logger
)
{
    private readonly Lock _changing = new();
    private readonly Dictionary<string, Feed> _feeds = new(StringComparer.Ordinal);
    private volatile FeedMode _mode = FeedMode.Live;

    /// <summary>Whether events come through Redis.</summary>
    public bool IsLive => _mode == FeedMode.Live;

    /// <summary>
    /// Subscribes to the channel, or shares the subscription. The task ends when events arrive, at once while they come straight from
    /// Kafka; it fails when Redis is away. Always paired with <see cref="Release"/>.
    /// </summary>
    public Task Hold(string channel)
    {
        lock (_changing)
        {
            if (!_feeds.TryGetValue(channel, out var feed))
            {
                _feeds[channel] = feed = new Feed(channel, _mode);
            }

            if ((feed.Holders++ == 0 || feed.Change.IsFaulted) && _mode != FeedMode.Suspended)
            {
                feed.Change = OpenAsync(feed, feed.Change);
            }

            return _mode == FeedMode.Suspended ? Task.CompletedTask : feed.Change;
        }
    }

    /// <summary>Gives the subscription up; the last holder ends it.</summary>
    public void Release(string channel)
    {
        lock (_changing)
        {
            if (_feeds.TryGetValue(channel, out var feed) && --feed.Holders == 0)
            {
                feed.Change = CloseAsync(feed, feed.Change);
            }
        }
    }

    /// <summary>Leaves all events from <paramref name="start"/> on to the tail.</summary>
    public void Suspend(KafkaPositions start)
    {
        lock (_changing)
        {
            // First the line, then the feeds: an event before it must not fall to the tail.
            delivery.TailStart = start;
            _mode = FeedMode.Suspended;
            foreach (var feed in _feeds.Values)
            {
                feed.Suspend();
            }
        }
    }

    /// <summary>
    /// Subscribes to everything anew and holds back what comes. False when that failed; then the feeds stay suspended. After true,
    /// whatever is published is held back, until <see cref="Resume"/>.
    /// </summary>
    public async Task<bool> RenewAsync(TimeSpan deadline)
    {
        Task[] changes;
        lock (_changing)
        {
            _mode = FeedMode.Holding;
            foreach (var feed in _feeds.Values)
            {
                feed.Hold();
                if (feed.Holders > 0)
                {
                    feed.Change = ReopenAsync(feed, feed.Change);
                }
            }

            changes = [.. _feeds.Values.Select(feed => feed.Change)];
        }

        try
        {
            await Task.WhenAll(changes).WaitAsync(deadline);
            return true;
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            Log.NotRenewed(logger, exception.Message);
            Suspend(delivery.TailStart);
            return false;
        }
    }

    /// <summary>Goes on where the tail ended.</summary>
    public void Resume(KafkaPositions end)
    {
        lock (_changing)
        {
            delivery.TailEnd = end;
            _mode = FeedMode.Live;
            foreach (var feed in _feeds.Values)
            {
                feed.Resume(delivery.Deliver);
            }
        }
    }

    private async Task OpenAsync(Feed feed, Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await SubscribeAsync(feed);
    }

    private async Task ReopenAsync(Feed feed, Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await UnsubscribeAsync(feed);
        await SubscribeAsync(feed);
    }

    private async Task SubscribeAsync(Feed feed)
    {
        try
        {
            var events = await redis
                .GetSubscriber()
                .SubscribeAsync(RedisChannel.Literal(ChannelLog.PubSubName(feed.Channel)));
            events.OnMessage(message => TakeAsync(feed, message.Message));
            feed.Queues.Add(events);
            if (Audience.TryParse(feed.Channel, out var audience) && audience.Kind == AudienceKind.User)
            {
                var raw = await redis
                    .GetSubscriber()
                    .SubscribeAsync(RedisChannel.Literal(RedisChannels.RawUser(audience.Id)));
                raw.OnMessage(message => DeliverRaw(feed.Channel, message.Message));
                feed.Queues.Add(raw);
            }
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            // Half a feed is none: the next attempt subscribes to all of it, and to nothing twice.
            await UnsubscribeAsync(feed);
            throw;
        }
    }

    private async Task CloseAsync(Feed feed, Task before)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        await UnsubscribeAsync(feed);
        lock (_changing)
        {
            if (feed.Holders == 0)
            {
                _feeds.Remove(feed.Channel);
            }
        }
    }

    private async Task UnsubscribeAsync(Feed feed)
    {
        try
        {
            foreach (var queue in feed.Queues)
            {
                await queue.UnsubscribeAsync();
            }
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            Log.UnsubscribeFailed(logger, feed.Channel, exception.Message);
        }

        feed.Queues.Clear();
    }

    /// <summary>One message after the other, per channel.</summary>
    [SuppressMessage("Design", "CA1031", Justification = "The client library would swallow it without a word.")]
    private async Task TakeAsync(Feed feed, RedisValue message)
    {
        telemetry.Ledger.Received();
        try
        {
            if (!ChannelEvent.TryRead(feed.Channel, message, out var channelEvent))
            {
                Log.NotAnEvent(logger, feed.Channel);
            }
            else if (feed.Admit(channelEvent, delivery.TailStart))
            {
                await delivery.DeliverAsync(feed, channelEvent);
            }
        }
        catch (Exception exception)
        {
            Log.NotDelivered(logger, feed.Channel, exception);
        }
    }

    private void DeliverRaw(string channel, RedisValue message)
    {
        if (message.HasValue)
        {
            var frame = new Frame(((ReadOnlyMemory<byte>)message).Span) { Kind = FrameKind.Event };
            telemetry.FannedOut(hub.Publish(channel, frame, Topics.Untitled));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A message on {Channel} is no event and was dropped")]
        public static partial void NotAnEvent(ILogger logger, string channel);

        [LoggerMessage(LogLevel.Error, "A message on {Channel} could not be delivered")]
        public static partial void NotDelivered(ILogger logger, string channel, Exception exception);

        [LoggerMessage(LogLevel.Warning, "The subscription of {Channel} could not be ended: {Reason}")]
        public static partial void UnsubscribeFailed(ILogger logger, string channel, string reason);

        [LoggerMessage(LogLevel.Warning, "The subscriptions could not be renewed, trying on: {Reason}")]
        public static partial void NotRenewed(ILogger logger, string reason);
    }
}
