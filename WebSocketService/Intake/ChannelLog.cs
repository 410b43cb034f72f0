using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Gateway.Continuity;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Intake;

/// <summary>
/// The one place where an event gets its number on a channel. One atomic Lua call numbers, remembers and publishes a batch, or none of
/// it; an event that the channel remembers already is left out. No streams: a hash, a list and a hash a channel.
/// </summary>
/// <remarks>
/// An epoch begins with the log's generation, which changes when Redis is found to have gone back in time: every call raises a sequence
/// number, replicas tell each other the highest one, and a Redis that knows a lower one has lost events that were already numbered.
/// </remarks>
internal sealed class ChannelLog(
    IConnectionMultiplexer redis,
    IOptions<GatewayOptions> options,
    IOptions<ContinuityOptions> continuity,
    TimeProvider clock
)
{
    private const string LogKey = "channel-log";
    private const int AppendArguments = 7;
    private const int ArgumentsOfEvent = 5;
    private const int ReadArguments = 3;

    // KEYS[1]: the log (sequence, generation). ARGV[1]: 16 random hex digits, ARGV[2]: the highest sequence number known,
    // ARGV[3]: seconds to keep a channel.
    private const string Epochs = """
        local fresh = ARGV[1]
        local sequence = tonumber(redis.call('HGET', KEYS[1], 'sequence') or '0')
        local generation = redis.call('HGET', KEYS[1], 'generation')
        if not generation or sequence < tonumber(ARGV[2]) then
          generation = string.sub(fresh, 1, 8)
          sequence = math.max(sequence, tonumber(ARGV[2]))
          redis.call('HSET', KEYS[1], 'generation', generation)
          redis.call('HSET', KEYS[1], 'sequence', string.format('%d', sequence))
        end
        local function epochOf(state, history, ids)
          local epoch = redis.call('HGET', state, 'epoch')
          if not epoch or string.sub(epoch, 1, 8) ~= generation then
            redis.call('DEL', state, history, ids)
            epoch = generation .. string.sub(fresh, 9, 16)
            redis.call('HSET', state, 'epoch', epoch)
            redis.call('EXPIRE', state, ARGV[3])
          end
          return epoch
        end
        """;

    // KEYS, three an event: state (epoch, offset), history, ids. ARGV[4]: most events kept, ARGV[5]: now, ARGV[6]: the oldest kept, both
    // Unix milliseconds, ARGV[7]: whether to recognise ids; then five an event: pub/sub name, id, traceparent, place, JSON. Answers how many were
    // new, the sequence number, how many subscribers they were published to, and the number of each, zero for one that was known.
    private const string Append =
        Epochs
        + "\n"
        + """
            sequence = sequence + 1
            redis.call('HSET', KEYS[1], 'sequence', string.format('%d', sequence))
            local new, copies, offsets = 0, 0, {}
            for i = 0, (#KEYS - 1) / 3 - 1 do
              local state, history, ids = KEYS[i * 3 + 2], KEYS[i * 3 + 3], KEYS[i * 3 + 4]
              local at = 8 + i * 5
              local id = ARGV[at + 1]
              local epoch = epochOf(state, history, ids)
              offsets[i + 1] = 0
              if ARGV[7] == '0' or redis.call('HEXISTS', ids, id) == 0 then
                local offset = string.format('%d', redis.call('HINCRBY', state, 'offset', 1))
                local message = offset .. '|' .. epoch .. '|' .. id .. '|' .. ARGV[at + 2] .. '|' .. ARGV[5] .. '|' .. ARGV[at + 3] .. '\n' .. ARGV[at + 4]
                redis.call('HSET', ids, id, offset)
                local length = redis.call('RPUSH', history, message)
                while true do
                  local oldest = redis.call('LINDEX', history, 0)
                  local oldId, numbered = string.match(oldest, '^%d+|[^|]*|([^|]*)|[^|]*|(%d+)|')
                  if length <= tonumber(ARGV[4]) and tonumber(numbered) >= tonumber(ARGV[6]) then break end
                  redis.call('LPOP', history)
                  redis.call('HDEL', ids, oldId)
                  length = length - 1
                  if length == 0 then break end
                end
                redis.call('EXPIRE', state, ARGV[3])
                redis.call('EXPIRE', history, ARGV[3])
                redis.call('EXPIRE', ids, ARGV[3])
                copies = copies + redis.call('PUBLISH', ARGV[at], message)
                offsets[i + 1] = tonumber(offset)
                new = new + 1
              end
            end
            return {new, sequence, copies, offsets}
            """;

    // KEYS, three a channel: state, history, ids. ARGV, two a channel: epoch and offset of the position, or an empty epoch. Answers the
    // sequence number, and for each channel its epoch, its offset, whether the events after the position are all there, and these.
    private const string Read =
        Epochs
        + "\n"
        + """
            local channels = {}
            for i = 0, (#KEYS - 1) / 3 - 1 do
              local state, history, ids = KEYS[i * 3 + 2], KEYS[i * 3 + 3], KEYS[i * 3 + 4]
              local epoch = epochOf(state, history, ids)
              local offset = tonumber(redis.call('HGET', state, 'offset') or '0')
              local missing = -1
              if ARGV[4 + i * 2] == epoch then missing = offset - tonumber(ARGV[5 + i * 2]) end
              local complete, events = 0, {}
              if missing == 0 then
                complete = 1
              elseif missing > 0 and redis.call('LLEN', history) >= missing then
                complete = 1
                events = redis.call('LRANGE', history, -missing, -1)
              end
              channels[i + 1] = {epoch, offset, complete, events}
            end
            return {sequence, channels}
            """;

    private readonly GatewayOptions _options = options.Value;
    private long _sequence;

    /// <summary>The highest sequence number known to this replica.</summary>
    public long Sequence => Volatile.Read(ref _sequence);

    /// <summary>The pub/sub channel on which a channel's numbered events are published.</summary>
    public static string PubSubName(string channel) => "realtime:" + channel;

    /// <summary>Learns a sequence number that another replica knows.</summary>
    public void Learn(long sequence)
    {
        for (var known = Sequence; sequence > known; known = Sequence)
        {
            if (Interlocked.CompareExchange(ref _sequence, sequence, known) == known)
            {
                return;
            }
        }
    }

    /// <summary>Numbers and publishes the events in order.</summary>
    public async Task<Appended> AppendAsync(IReadOnlyList<AddressedEvent> events)
    {
        var keys = Keys(events.Select(addressed => addressed.Channel), events.Count);
        var now = clock.GetUtcNow();
        var values = Arguments(AppendArguments + (events.Count * ArgumentsOfEvent));
        values[3] = _options.HistoryEvents;
        values[4] = now.ToUnixTimeMilliseconds();
        values[5] = (now - _options.HistoryAge).ToUnixTimeMilliseconds();
        values[6] = continuity.Value.Deduplicate ? 1 : 0;
        var at = AppendArguments;
        foreach (var (channel, cloudEvent, cause, place) in events)
        {
            values[at++] = PubSubName(channel);
            values[at++] = Uri.EscapeDataString(cloudEvent.Id);
            values[at++] = TraceParent(cause);
            values[at++] = place?.ToString() ?? "";
            values[at++] = JsonSerializer.SerializeToUtf8Bytes(cloudEvent, ContractsJson.Wire.CloudEvent);
        }

        var answer = (RedisResult[])(await redis.GetDatabase().ScriptEvaluateAsync(Append, keys, values))!;
        Learn((long)answer[1]);
        return new Appended((int)answer[0], (long)answer[2], (long[])answer[3]!);
    }

    /// <summary>What stands behind a position in each of the channels, as one moment has it. A null position asks only where the channel stands.</summary>
    public async Task<IReadOnlyList<ChannelHistory>> ReadAsync(
        IReadOnlyList<KeyValuePair<string, ChannelPosition?>> channels
    )
    {
        var keys = Keys(channels.Select(channel => channel.Key), channels.Count);
        var values = Arguments(ReadArguments + (channels.Count * 2));
        for (var i = 0; i < channels.Count; i++)
        {
            values[ReadArguments + (i * 2)] = channels[i].Value?.Epoch ?? "";
            values[ReadArguments + (i * 2) + 1] = channels[i].Value?.Offset ?? 0;
        }

        var answer = (RedisResult[])(await redis.GetDatabase().ScriptEvaluateAsync(Read, keys, values))!;
        Learn((long)answer[0]);
        var states = (RedisResult[])answer[1]!;
        return [.. states.Select((state, i) => ChannelHistory.Read(channels[i].Key, (RedisResult[])state!))];
    }

    private static RedisKey[] Keys(IEnumerable<string> channels, int count)
    {
        var keys = new RedisKey[1 + (count * 3)];
        keys[0] = LogKey;
        var at = 1;
        foreach (var channel in channels)
        {
            keys[at++] = "channel:" + channel;
            keys[at++] = "channel:" + channel + ":history";
            keys[at++] = "channel:" + channel + ":ids";
        }

        return keys;
    }

    private RedisValue[] Arguments(int count)
    {
        var values = new RedisValue[count];
        values[0] = Guid.NewGuid().ToString("N")[..16];
        values[1] = Sequence;
        values[2] = (long)_options.HistoryAge.TotalSeconds;
        return values;
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
/// <param name="Place">Where it stands in Kafka; null for one that came another way.</param>
internal readonly record struct AddressedEvent(
    string Channel,
    CloudEvent Event,
    ActivityContext Cause,
    KafkaPlace? Place
);

/// <summary>What became of a batch.</summary>
/// <param name="New">How many of its events were new.</param>
/// <param name="Copies">How many subscriptions, of all replicas, they were published to.</param>
/// <param name="Offsets">The number of each event on its channel; zero for one that the channel knew.</param>
internal readonly record struct Appended(int New, long Copies, IReadOnlyList<long> Offsets);
