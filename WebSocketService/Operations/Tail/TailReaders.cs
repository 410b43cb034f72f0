using System.Collections.Immutable;
using System.Text.Json;
using RealtimeSuite.Gateway.Operations.Fleet;
using RealtimeSuite.Messaging;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Operations.Tail;

/// <summary>
/// Those who read the tail at this replica. What it sees itself they get straight, what the others see over Redis: while that is away,
/// the tail is of this replica alone.
/// </summary>
internal sealed class TailReaders(IConnectionMultiplexer redis, Replica replica)
{
    private ImmutableList<TailReader> _readers = [];

    /// <summary>Gives a batch of this replica to all.</summary>
    public void Take(TailBatch batch)
    {
        foreach (var reader in _readers)
        {
            reader.Add(batch);
        }
    }

    /// <summary>A new reader of this replica's batches.</summary>
    public TailReader Open()
    {
        var reader = new TailReader();
        ImmutableInterlocked.Update(ref _readers, (all, added) => all.Add(added), reader);
        return reader;
    }

    /// <summary>Gives it the batches of the others as well, from the end of the task on. Null when Redis is away; then it can be tried again.</summary>
    public async Task<ChannelMessageQueue?> HearOthersAsync(TailReader reader)
    {
        try
        {
            var others = await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal(FleetChannels.Tail));
            others.OnMessage(message => TakeOfOther(reader, message.Message));
            return others;
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            return null;
        }
    }

    /// <summary>The end of a reader.</summary>
    public void Close(TailReader reader, ChannelMessageQueue? others)
    {
        ImmutableInterlocked.Update(ref _readers, (all, gone) => all.Remove(gone), reader);
        others?.Unsubscribe(CommandFlags.FireAndForget);
    }

    private void TakeOfOther(TailReader reader, RedisValue message)
    {
        var batch = JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)message).Span, FleetJson.Default.TailBatch);
        if (batch is not null && batch.Replica != replica.Id)
        {
            reader.Add(batch);
        }
    }
}
