using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Intake;

/// <summary>What a channel's history holds behind a position.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Epoch">The epoch in which the channel is.</param>
/// <param name="Offset">The number of its last event.</param>
/// <param name="IsComplete">Whether <paramref name="Events"/> are all events behind the position.</param>
/// <param name="Events">The events in order; none when they are not complete.</param>
internal sealed record ChannelHistory(
    string Channel,
    string Epoch,
    long Offset,
    bool IsComplete,
    IReadOnlyList<ChannelEvent> Events
)
{
    /// <summary>What is known of a channel while its history cannot be read.</summary>
    public static ChannelHistory Unknown(string channel) => new(channel, "", 0, IsComplete: false, []);

    /// <summary>Reads one channel of the answer of <see cref="ChannelLog"/>.</summary>
    internal static ChannelHistory Read(string channel, RedisResult[] state)
    {
        var messages = (RedisValue[])state[3]!;
        var events = new List<ChannelEvent>(messages.Length);
        foreach (var message in messages)
        {
            if (ChannelEvent.TryRead(channel, ((ReadOnlyMemory<byte>)message).Span, out var channelEvent))
            {
                events.Add(channelEvent);
            }
        }

        var isComplete = (int)state[2] == 1 && events.Count == messages.Length;
        return new ChannelHistory(channel, (string)state[0]!, (long)state[1], isComplete, isComplete ? events : []);
    }
}
