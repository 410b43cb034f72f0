using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace RealtimeSuite.Messaging.Outbox;

/// <summary>
/// A change that is no single aggregate: a Lua script decides what changes, and tells of it in the same atomic call. In the script,
/// <c>tell(i)</c> puts the i-th event into the outbox; an event that is not told is dropped.
/// </summary>
public sealed class OutboxScript(IConnectionMultiplexer redis, IOptions<OutboxOptions> options)
{
    // Behind the caller's KEYS: the outbox. Behind the caller's ARGV: the entries, the wake-up channel, how many entries there are.
    private const string Prelude = """
        local function tell(i)
          redis.call('RPUSH', KEYS[#KEYS], ARGV[#ARGV - 2 - tonumber(ARGV[#ARGV]) + i])
          redis.call('PUBLISH', ARGV[#ARGV - 1], '1')
        end

        """;

    /// <summary>Runs the script.</summary>
    /// <param name="script">The body. Its <c>KEYS</c> and <c>ARGV</c> begin with those given here and go on behind them.</param>
    /// <param name="keys">Its keys.</param>
    /// <param name="values">Its arguments.</param>
    /// <param name="events">What it may tell.</param>
    public Task<RedisResult> EvaluateAsync(
        string script,
        IReadOnlyCollection<RedisKey> keys,
        IReadOnlyCollection<RedisValue> values,
        IReadOnlyCollection<OutboxEntry> events
    )
    {
        var outbox = options.Value;
        RedisKey[] allKeys = [.. keys, outbox.ListKey];
        RedisValue[] allValues =
        [
            .. values,
            .. events.Select(entry => (RedisValue)entry.ToJson()),
            outbox.WakeChannel,
            events.Count,
        ];
        return redis.GetDatabase().ScriptEvaluateAsync(Prelude + script, allKeys, allValues);
    }
}
