using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Intake;
using RealtimeSuite.Gateway.PubSub;

namespace RealtimeSuite.Gateway.Hub;

/// <summary>What happens to events that come from Redis.</summary>
internal enum FeedMode
{
    /// <summary>They are delivered.</summary>
    Live,

    /// <summary>The tail delivers them.</summary>
    Suspended,

    /// <summary>They wait until the tail has ended.</summary>
    Holding,
}

/// <summary>
/// The subscription of one channel. <see cref="Holders"/> belongs to <see cref="ChannelFeeds"/>' lock. Modes, and which events wait for one
/// before them, change under the feed's own lock, which is held for a few instructions.
/// </summary>
internal sealed class Feed(string channel, FeedMode mode, ChannelFeeds feeds)
    : PubSubSubscription(ChannelLog.PubSubName(channel))
{
    private readonly Lock _lock = new();
    private FeedMode _mode = mode;
    private List<ChannelEvent>? _held;

    // Grows while a history is read, for which there is a deadline.
    private Queue<ChannelEvent>? _following;

    public string Channel { get; } = channel;

    public int Holders { get; set; }

    /// <summary>What backends publish to the channel's user past the suite; null where the channel is none of a user.</summary>
    public PubSubSubscription? Raw { get; init; }

    /// <summary>The number of the last event; used by the one who delivers, one event after the other. Null while it is not known.</summary>
    public ChannelPosition? Last { get; set; }

    /// <summary>Ends when nothing follows an event that had to wait for what is missing before it.</summary>
    public Task Following { get; set; } = Task.CompletedTask;

    /// <inheritdoc/>
    public override void Take(ReadOnlySpan<byte> message) => feeds.Take(this, message);

    /// <summary>Whether an event from Redis may be delivered now. What came another way than Kafka always may, as the tail does not see it.</summary>
    public bool Admit(ChannelEvent channelEvent, KafkaPositions tailStart)
    {
        lock (_lock)
        {
            if (_mode == FeedMode.Live || channelEvent.Place is not { } place || tailStart.HasPassed(place))
            {
                return true;
            }

            if (_mode == FeedMode.Holding)
            {
                (_held ??= []).Add(channelEvent);
            }

            return false;
        }
    }

    /// <summary>From now on events follow the one that is being delivered.</summary>
    public void BeginFollowing()
    {
        lock (_lock)
        {
            _following = new Queue<ChannelEvent>();
        }
    }

    /// <summary>Whether the event must follow another; then it is kept.</summary>
    public bool MustFollow(ChannelEvent channelEvent)
    {
        lock (_lock)
        {
            _following?.Enqueue(channelEvent);
            return _following is not null;
        }
    }

    /// <summary>The next event that follows; null when there is none, and then no more will.</summary>
    public ChannelEvent? NextFollowing()
    {
        lock (_lock)
        {
            if (_following!.TryDequeue(out var next))
            {
                return next;
            }

            _following = null;
            return null;
        }
    }

    /// <summary>Leaves the events to the tail; what is held back is its as well.</summary>
    public void Suspend()
    {
        lock (_lock)
        {
            _mode = FeedMode.Suspended;
            _held = null;
            Last = null;
        }
    }

    /// <summary>Holds events back from now on.</summary>
    public void Hold()
    {
        lock (_lock)
        {
            _mode = FeedMode.Holding;
            _held = null;
        }
    }

    /// <summary>Delivers what was held back, and from now on what comes.</summary>
    public void Resume(Action<Feed, ChannelEvent> deliver)
    {
        lock (_lock)
        {
            foreach (var channelEvent in _held ?? [])
            {
                deliver(this, channelEvent);
            }

            _held = null;
            _mode = FeedMode.Live;
        }
    }
}
