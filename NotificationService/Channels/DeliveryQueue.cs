using Microsoft.Extensions.Options;
using RealtimeSuite.Contracts;
using StackExchange.Redis;

namespace RealtimeSuite.Notifications.Channels;

/// <summary>
/// Deliveries that wait, in Redis: a sorted set a channel, by the time at which each is due. One that is taken is due again when its
/// lease ends, so that another process has it when this one dies. The store adds to it, together with the notification.
/// </summary>
internal sealed class DeliveryQueue(
    IConnectionMultiplexer redis,
    IEnumerable<INotificationChannel> channels,
    IOptions<DeliveryOptions> options,
    TimeProvider clock
)
{
    // KEYS: queue. ARGV: now, end of the lease, most.
    private const string Take = """
        local due = redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[1], 'LIMIT', 0, ARGV[3])
        for _, delivery in ipairs(due) do redis.call('ZADD', KEYS[1], ARGV[2], delivery) end
        return due
        """;

    // KEYS: queue. ARGV: the delivery as it was taken, as it is now, when it is due.
    private const string Postpone = """
        if redis.call('ZREM', KEYS[1], ARGV[1]) == 1 then redis.call('ZADD', KEYS[1], ARGV[3], ARGV[2]) end
        return 1
        """;

    // KEYS: queue, dead. ARGV: the delivery as it was taken, as it is now, most kept.
    private const string Bury = """
        if redis.call('ZREM', KEYS[1], ARGV[1]) == 1 then
          redis.call('RPUSH', KEYS[2], ARGV[2])
          redis.call('LTRIM', KEYS[2], -ARGV[3], -1)
        end
        return 1
        """;

    private readonly DeliveryOptions _options = options.Value;
    private readonly INotificationChannel[] _channels = [.. channels];

    private IDatabase Database => redis.GetDatabase();

    /// <summary>Most that wait for one channel.</summary>
    public int MaxWaiting => _options.MaxWaiting;

    /// <summary>Key of a channel's queue.</summary>
    public static string KeyOf(string channel) => "notification-deliveries:" + channel;

    /// <summary>Key of the list of those that a channel has given up.</summary>
    public static string DeadKeyOf(string channel) => KeyOf(channel) + ":dead";

    /// <summary>The queues of the channels that reach an audience.</summary>
    public IEnumerable<RedisKey> QueuesFor(Audience audience) =>
        _channels.Where(channel => channel.Reaches(audience)).Select(channel => (RedisKey)KeyOf(channel.Name));

    /// <summary>Takes what is due, as stored.</summary>
    public async Task<RedisValue[]> TakeAsync(string channel)
    {
        var now = clock.GetUtcNow();
        var taken = await Database.ScriptEvaluateAsync(
            Take,
            [KeyOf(channel)],
            [now.ToUnixTimeMilliseconds(), (now + _options.Lease).ToUnixTimeMilliseconds(), _options.Parallelism]
        );
        return (RedisValue[])taken!;
    }

    /// <summary>It is done.</summary>
    public Task CompleteAsync(string channel, RedisValue taken) => Database.SortedSetRemoveAsync(KeyOf(channel), taken);

    /// <summary>It is tried again after a while.</summary>
    public Task PostponeAsync(string channel, RedisValue taken, Delivery next) =>
        Database.ScriptEvaluateAsync(
            Postpone,
            [KeyOf(channel)],
            [taken, next.ToJson(), (clock.GetUtcNow() + Backoff(next.Attempt)).ToUnixTimeMilliseconds()]
        );

    /// <summary>It is put aside for an operator.</summary>
    public Task BuryAsync(string channel, RedisValue taken, RedisValue last) =>
        Database.ScriptEvaluateAsync(Bury, [KeyOf(channel), DeadKeyOf(channel)], [taken, last, _options.MaxDead]);

    private TimeSpan Backoff(int attempt)
    {
        var ceiling = Math.Min(
            _options.MaxBackoff.TotalMilliseconds,
            _options.FirstBackoff.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 30))
        );
        return TimeSpan.FromMilliseconds(ceiling * (0.5 + (Random.Shared.NextDouble() / 2)));
    }
}
