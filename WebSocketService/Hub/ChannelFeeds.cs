using System.Diagnostics.CodeAnalysis;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Intake;
using RealtimeSuite.Gateway.PubSub;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Gateway.Hub;

/// <summary>
/// The Redis subscriptions of this replica: one per channel that has a connection here, however many. Messages arrive in order, on the one
/// thread of <see cref="PubSubClient"/>, and are queued on connections without waiting. While Redis is away the feeds are suspended and
/// <see cref="KafkaTail"/> delivers instead.
/// </summary>
/// <remarks>
/// Of an event with a place in Kafka exactly one of the two delivers: the feed what stands before the tail's start and behind its end, the
/// tail what is between. What comes between from Redis has been delivered already, without a number, and is the backlog.
/// </remarks>
internal sealed partial class ChannelFeeds(
    PubSubClient pubSub,
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
    /// Kafka. Always paired with <see cref="Release"/>.
    /// </summary>
    public Task Hold(string channel)
    {
        lock (_changing)
        {
            if (!_feeds.TryGetValue(channel, out var feed))
            {
                _feeds[channel] = feed = Open(channel);
            }

            feed.Holders++;
            return Opened(feed);
        }
    }

    /// <summary>Gives the subscription up; the last holder ends it.</summary>
    public void Release(string channel)
    {
        lock (_changing)
        {
            if (_feeds.TryGetValue(channel, out var feed) && --feed.Holders == 0)
            {
                _feeds.Remove(channel);
                pubSub.Unsubscribe(feed);
                if (feed.Raw is { } raw)
                {
                    pubSub.Unsubscribe(raw);
                }
            }
        }
    }

    /// <summary>Leaves all events from <paramref name="start"/> on to the tail. The task ends when none before it is still to be delivered.</summary>
    public Task Suspend(KafkaPositions start)
    {
        lock (_changing)
        {
            // First the line, then the feeds: an event before it must not fall to the tail.
            delivery.TailStart = start;
            _mode = FeedMode.Suspended;
            foreach (var feed in _feeds.Values)
            {
                feed.Suspend();

                // Whoever waits for Redis is served by the tail.
                feed.Open();
                feed.Raw?.Open();
            }

            return Task.WhenAll(
                _feeds.Values.Select(feed => feed.Following).Where(following => !following.IsCompleted)
            );
        }
    }

    /// <summary>
    /// Subscribes to everything anew and holds back what comes. False when that failed; then the feeds stay suspended. After true,
    /// whatever is published is held back, until <see cref="Resume"/>.
    /// </summary>
    public async Task<bool> RenewAsync(TimeSpan deadline)
    {
        try
        {
            Task renewed;
            lock (_changing)
            {
                _mode = FeedMode.Holding;
                foreach (var feed in _feeds.Values)
                {
                    feed.Hold();
                }

                renewed = pubSub.RenewAsync();
            }

            await renewed.WaitAsync(deadline);
            return true;
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            Log.NotRenewed(logger, exception.Message);
            _ = Suspend(delivery.TailStart);
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

    /// <summary>A message of a channel has come from Redis. Never called for two messages of a channel at once.</summary>
    public void Take(Feed feed, ReadOnlySpan<byte> message)
    {
        telemetry.Ledger.Received();
        if (!ChannelEvent.TryRead(feed.Channel, message, out var channelEvent))
        {
            Log.NotAnEvent(logger, feed.Channel);
        }
        else if (!feed.MustFollow(channelEvent) && feed.Admit(channelEvent, delivery.TailStart))
        {
            var delivered = delivery.DeliverAsync(feed, channelEvent);
            if (!delivered.IsCompletedSuccessfully)
            {
                feed.BeginFollowing();
                feed.Following = FollowAsync(feed, delivered.AsTask());
            }
        }
    }

    private Feed Open(string channel)
    {
        var feed = new Feed(channel, _mode, this)
        {
            Raw =
                Audience.TryParse(channel, out var audience) && audience.Kind == AudienceKind.User
                    ? new RawFeed(channel, audience.Id, this)
                    : null,
        };
        pubSub.Subscribe(feed);
        if (feed.Raw is { } raw)
        {
            pubSub.Subscribe(raw);
        }

        return feed;
    }

    private Task Opened(Feed feed) =>
        _mode == FeedMode.Suspended ? Task.CompletedTask
        : feed.Raw is { Opened.IsCompleted: false } raw ? Task.WhenAll(feed.Opened, raw.Opened)
        : feed.Opened;

    /// <summary>Delivers, one after the other, what came while an event had to wait for what is missing before it.</summary>
    private async Task FollowAsync(Feed feed, Task delivered)
    {
        await WatchAsync(feed, delivered);
        while (feed.NextFollowing() is { } next)
        {
            if (feed.Admit(next, delivery.TailStart))
            {
                await WatchAsync(feed, delivery.DeliverAsync(feed, next).AsTask());
            }
        }
    }

    [SuppressMessage("Design", "CA1031", Justification = "One event must not hold up all that follow.")]
    private async Task WatchAsync(Feed feed, Task delivered)
    {
        try
        {
            await delivered;
        }
        catch (Exception exception)
        {
            Log.NotDelivered(logger, feed.Channel, exception);
        }
    }

    private void TakeRaw(string channel, ReadOnlySpan<byte> message)
    {
        if (!message.IsEmpty)
        {
            var frame = new Frame(message) { Kind = FrameKind.Event };
            telemetry.FannedOut(hub.Publish(channel, frame, Topics.Untitled));
        }
    }

    /// <summary>What backends publish to a user past the suite, as a frame of their own (source: seed 002).</summary>
    private sealed class RawFeed(string channel, string userId, ChannelFeeds feeds)
        : PubSubSubscription(RedisChannels.RawUser(userId))
    {
        public override void Take(ReadOnlySpan<byte> message) => feeds.TakeRaw(channel, message);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A message on {Channel} is no event and was dropped")]
        public static partial void NotAnEvent(ILogger logger, string channel);

        [LoggerMessage(LogLevel.Error, "A message on {Channel} could not be delivered")]
        public static partial void NotDelivered(ILogger logger, string channel, Exception exception);

        [LoggerMessage(LogLevel.Warning, "The subscriptions could not be renewed, trying on: {Reason}")]
        public static partial void NotRenewed(ILogger logger, string reason);
    }
}
