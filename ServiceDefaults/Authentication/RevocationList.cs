using System.Text;
using StackExchange.Redis;

namespace RealtimeSuite.Authentication;

/// <summary>
/// The revocations in Redis: a sorted set by expiry, a version that counts additions, and a channel on which each addition is announced
/// with its version. A reader that knows version n and hears n + 1 has missed nothing.
/// </summary>
internal sealed class RevocationList(IConnectionMultiplexer redis, TimeProvider clock)
{
    public const string Key = "revocations";
    public const string VersionKey = "revocations:version";
    public const string Channel = "revocations:added";

    private const byte Separator = (byte)' ';

    // KEYS: set, version. ARGV: entry, its expiry, now, both Unix milliseconds, channel.
    private const string Add = """
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[3])
        redis.call('ZADD', KEYS[1], ARGV[2], ARGV[1])
        local last = redis.call('ZREVRANGE', KEYS[1], 0, 0, 'WITHSCORES')
        redis.call('PEXPIRE', KEYS[1], string.format('%.0f', tonumber(last[2]) - tonumber(ARGV[3])))
        local version = redis.call('INCR', KEYS[2])
        redis.call('PUBLISH', ARGV[4], version .. ' ' .. ARGV[1])
        return version
        """;

    /// <summary>Adds one and announces it, in one atomic call.</summary>
    public Task AddAsync(Revocation revocation) =>
        redis
            .GetDatabase()
            .ScriptEvaluateAsync(
                Add,
                [Key, VersionKey],
                [
                    revocation.ToJson(),
                    revocation.ExpiresAt.ToUnixTimeMilliseconds(),
                    clock.GetUtcNow().ToUnixTimeMilliseconds(),
                    Channel,
                ]
            );

    /// <summary>How many were ever added.</summary>
    public async Task<long> VersionAsync() => (long)await redis.GetDatabase().StringGetAsync(VersionKey);

    /// <summary>All that have not expired.</summary>
    public async Task<IEnumerable<Revocation>> ReadAsync()
    {
        var now = clock.GetUtcNow().ToUnixTimeMilliseconds();
        var entries = await redis.GetDatabase().SortedSetRangeByScoreAsync(Key, now);
        return entries.Select(entry => Revocation.FromJson(((ReadOnlyMemory<byte>)entry).Span));
    }

    /// <summary>Calls <paramref name="hear"/> with each announcement and its version, one after another.</summary>
    public async Task ListenAsync(Action<long, Revocation> hear)
    {
        var announcements = await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal(Channel));
        announcements.OnMessage(announcement =>
        {
            var text = ((ReadOnlyMemory<byte>)announcement.Message).Span;
            var end = text.IndexOf(Separator);
            hear(long.Parse(Encoding.ASCII.GetString(text[..end])), Revocation.FromJson(text[(end + 1)..]));
        });
    }
}
