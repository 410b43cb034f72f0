using Microsoft.Extensions.Options;
using RealtimeSuite.Contracts;
using StackExchange.Redis;

namespace RealtimeSuite.Messaging.Outbox;

/// <summary>
/// The one way to change an aggregate: its state, its place in an index and its events, all in one atomic Lua call, so that no
/// state is ever stored without its event nor an event without its state. Works on hashes, sorted sets and lists only.
/// </summary>
public sealed class AggregateWriter(IConnectionMultiplexer redis, IOptions<OutboxOptions> options)
{
    /// <summary>The hash field that holds the state.</summary>
    public const string StateField = RedisKeys.StateField;

    /// <summary>The hash field that holds the version.</summary>
    public const string VersionField = "version";

    // KEYS: aggregate, index, outbox. ARGV: expected version (0: must not exist), state ('' deletes), index member, index score,
    // wake-up channel, then the outbox entries. Answers the new version, or -1 when the version is another.
    private const string Commit = """
        local current = tonumber(redis.call('HGET', KEYS[1], 'version') or '0')
        if current ~= tonumber(ARGV[1]) then return -1 end
        local version = current + 1
        if ARGV[2] == '' then
          redis.call('DEL', KEYS[1])
          redis.call('ZREM', KEYS[2], ARGV[3])
        else
          redis.call('HSET', KEYS[1], 'version', version, 'state', ARGV[2])
          redis.call('ZADD', KEYS[2], ARGV[4], ARGV[3])
        end
        for i = 6, #ARGV do redis.call('RPUSH', KEYS[3], ARGV[i]) end
        redis.call('PUBLISH', ARGV[5], '1')
        return version
        """;

    /// <summary>Applies the change when the aggregate still has the expected version. Answers whether it did.</summary>
    public async Task<bool> TryCommitAsync(AggregateChange change)
    {
        var outbox = options.Value;
        RedisKey[] keys = [change.Key, change.IndexKey, outbox.ListKey];
        RedisValue[] values =
        [
            change.ExpectedVersion,
            change.State ?? [],
            change.IndexMember,
            change.IndexScore,
            outbox.WakeChannel,
            .. change.Events.Select(entry => (RedisValue)entry.ToJson()),
        ];
        var version = (long)await redis.GetDatabase().ScriptEvaluateAsync(Commit, keys, values);
        return version > 0;
    }
}

/// <summary>A change of one aggregate.</summary>
public sealed record AggregateChange
{
    /// <summary>Redis key of the aggregate's hash.</summary>
    public required string Key { get; init; }

    /// <summary>Redis key of the sorted set that lists aggregates of this kind.</summary>
    public required string IndexKey { get; init; }

    /// <summary>The aggregate's member in the index.</summary>
    public required string IndexMember { get; init; }

    /// <summary>Its rank in the index.</summary>
    public required double IndexScore { get; init; }

    /// <summary>The version that the change was made from; 0 for a new aggregate.</summary>
    public required long ExpectedVersion { get; init; }

    /// <summary>The new state, or null to remove the aggregate.</summary>
    public required byte[]? State { get; init; }

    /// <summary>What is told of the change, in order.</summary>
    public required IReadOnlyList<OutboxEntry> Events { get; init; }
}
