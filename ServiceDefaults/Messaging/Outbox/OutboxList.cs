using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace RealtimeSuite.Messaging.Outbox;

/// <summary>The relay's side of the outbox in Redis: a lease, so that one replica relays at a time, and the list.</summary>
internal sealed class OutboxList(IConnectionMultiplexer redis, IOptions<OutboxOptions> options)
{
    // KEYS: lease. ARGV: holder, milliseconds. Takes a free lease, renews one's own.
    private const string Hold = """
        local holder = redis.call('GET', KEYS[1])
        if holder and holder ~= ARGV[1] then return 0 end
        redis.call('SET', KEYS[1], ARGV[1], 'PX', ARGV[2])
        return 1
        """;

    // KEYS: lease, list, dead. ARGV: holder, first entry as it was read, how many to remove, then entries to put aside.
    // Refused when the lease went to another or the list no longer begins with what was sent.
    private const string Remove = """
        if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
        if redis.call('LINDEX', KEYS[2], 0) ~= ARGV[2] then return 0 end
        for i = 4, #ARGV do redis.call('RPUSH', KEYS[3], ARGV[i]) end
        redis.call('LTRIM', KEYS[2], ARGV[3], -1)
        return 1
        """;

    // KEYS: lease. ARGV: holder.
    private const string Release = """
        if redis.call('GET', KEYS[1]) == ARGV[1] then redis.call('DEL', KEYS[1]) end
        return 1
        """;

    private readonly OutboxOptions _options = options.Value;
    private readonly RedisValue _holder = Guid.NewGuid().ToString("N");

    private IDatabase Database => redis.GetDatabase();

    /// <summary>Takes or renews the lease; false while another replica has it.</summary>
    public async Task<bool> HoldAsync()
    {
        var answer = await Database.ScriptEvaluateAsync(
            Hold,
            [_options.LeaseKey],
            [_holder, (long)_options.Lease.TotalMilliseconds]
        );
        return (int)answer == 1;
    }

    /// <summary>The oldest entries, as stored.</summary>
    public Task<RedisValue[]> ReadAsync() => Database.ListRangeAsync(_options.ListKey, 0, _options.MaxBatch - 1);

    /// <summary>How many entries wait.</summary>
    public Task<long> CountAsync() => Database.ListLengthAsync(_options.ListKey);

    /// <summary>Removes the first <paramref name="count"/> entries, which begin with <paramref name="first"/>; those that can never be sent are kept aside.</summary>
    public async Task<bool> RemoveAsync(RedisValue first, int count, IEnumerable<RedisValue> dead)
    {
        var answer = await Database.ScriptEvaluateAsync(
            Remove,
            [_options.LeaseKey, _options.ListKey, _options.DeadKey],
            [_holder, first, count, .. dead]
        );
        return (int)answer == 1;
    }

    /// <summary>Gives the lease back, so that another replica takes over at once.</summary>
    public Task ReleaseAsync() => Database.ScriptEvaluateAsync(Release, [_options.LeaseKey], [_holder]);

    /// <summary>Calls <paramref name="wake"/> whenever somebody adds an entry.</summary>
    public Task ListenAsync(Action wake) =>
        redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal(_options.WakeChannel), (_, _) => wake());
}
