using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Intake;
using StackExchange.Redis;

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
/// The subscription of one channel. <see cref="Holders"/> and <see cref="Change"/> belong to <see cref="ChannelFeeds"/>' lock: changes follow
/// one another, each waits for the one before. Modes change under the feed's own lock, which is held for a few instructions.
/// </summary>
internal sealed class Feed(string channel, FeedMode mode)
{
    private readonly Lock _lock = new();
    private readonly List<ChannelEvent> _held = [];
    private FeedMode _mode = mode;

    public string Channel { get; } = channel;

    public int Holders { get; set; }

    public Task Change { get; set; } = Task.CompletedTask;

    public List<ChannelMessageQueue> Queues { get; } = [];

    /// <summary>The number of the last event; used by the one who delivers, one event after the other. Null while it is not known.</summary>
    public (string Epoch, long Offset)? Last { get; set; }

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
                _held.Add(channelEvent);
            }

            return false;
        }
    }

    /// <summary>Leaves the events to the tail; what is held back is its as well.</summary>
    public void Suspend()
    {
        lock (_lock)
        {
            _mode = FeedMode.Suspended;
            _held.Clear();
            Last = null;
        }
    }

    /// <summary>Holds events back from now on.</summary>
    public void Hold()
    {
        lock (_lock)
        {
            _mode = FeedMode.Holding;
            _held.Clear();
        }
    }

    /// <summary>Delivers what was held back, and from now on what comes.</summary>
    public void Resume(Action<Feed, ChannelEvent> deliver)
    {
        lock (_lock)
        {
            foreach (var channelEvent in _held)
            {
                deliver(this, channelEvent);
            }

            _held.Clear();
            _mode = FeedMode.Live;
        }
    }
}
