using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using RealtimeSuite.Contracts;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Intake;

/// <summary>
/// The one place where an event gets its number on a channel. One atomic Lua call numbers, remembers and publishes a batch, or none of
/// it; an event that the channel remembers already is left out. No streams: a hash, a list and a hash a channel.
/// </summary>
internal sealed class ChannelLog(IConnectionMultiplexer redis, IOptions<GatewayOptions> options)
{
    private const int ArgumentsBeforeEvents = 3;

    // KEYS, three an event: state (epoch, offset), history, ids. ARGV: epoch for a channel that has none, most events kept,
    // seconds to keep; then four an event: pub/sub name, id, traceparent, JSON. Answers how many were new.
    private const string Append = """
        local new = 0
        for i = 0, #KEYS / 3 - 1 do
          local state, history, ids = KEYS[i * 3 + 1], KEYS[i * 3 + 2], KEYS[i * 3 + 3]
          local id = ARGV[i * 4 + 5]
          if redis.call('HEXISTS', ids, id) == 0 then
            redis.call('HSETNX', state, 'epoch', ARGV[1])
            local epoch = redis.call('HGET', state, 'epoch')
            local offset = redis.call('HINCRBY', state, 'offset', 1)
            local message = string.format('%d', offset) .. '|' .. epoch .. '|' .. id .. '|' .. ARGV[i * 4 + 6] .. '\n' .. ARGV[i * 4 + 7]
            redis.call('HSET', ids, id, offset)
            if redis.call('RPUSH', history, message) > tonumber(ARGV[2]) then
              local oldest = redis.call('LPOP', history)
              redis.call('HDEL', ids, string.match(oldest, '^%d+|[^|]*|([^|]*)|'))
            end
            redis.call('EXPIRE', state, ARGV[3])
            redis.call('EXPIRE', history, ARGV[3])
            redis.call('EXPIRE', ids, ARGV[3])
            redis.call('PUBLISH', ARGV[i * 4 + 4], message)
            new = new + 1
          end
        end
        return new
        """;

    private readonly GatewayOptions _options = options.Value;

    /// <summary>The pub/sub channel on which a channel's numbered events are published.</summary>
    public static string PubSubName(string channel) => "realtime:" + channel;

    /// <summary>Numbers and publishes the events in order. Answers how many of them were new.</summary>
    public async Task<int> AppendAsync(IReadOnlyList<AddressedEvent> events)
    {
        var keys = new RedisKey[events.Count * 3];
        var values = new RedisValue[ArgumentsBeforeEvents + (events.Count * 4)];
        values[0] = Guid.NewGuid().ToString("N")[..12];
        values[1] = _options.HistoryEvents;
        values[2] = (long)_options.HistoryAge.TotalSeconds;
        for (var i = 0; i < events.Count; i++)
        {
            var (channel, cloudEvent, cause) = events[i];
            keys[i * 3] = "channel:" + channel;
            keys[(i * 3) + 1] = "channel:" + channel + ":history";
            keys[(i * 3) + 2] = "channel:" + channel + ":ids";
            var at = ArgumentsBeforeEvents + (i * 4);
            values[at] = PubSubName(channel);
            values[at + 1] = Uri.EscapeDataString(cloudEvent.Id);
            values[at + 2] = TraceParent(cause);
            values[at + 3] = JsonSerializer.SerializeToUtf8Bytes(cloudEvent, ContractsJson.Wire.CloudEvent);
        }

        return (int)await redis.GetDatabase().ScriptEvaluateAsync(Append, keys, values);
    }

    private static string TraceParent(ActivityContext span) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $"00-{span.TraceId.ToHexString()}-{span.SpanId.ToHexString()}-{(int)span.TraceFlags:x2}"
        );
}

/// <summary>An event on its way to a channel.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Event">The event.</param>
/// <param name="Cause">The span that handles it.</param>
internal readonly record struct AddressedEvent(string Channel, CloudEvent Event, ActivityContext Cause);
