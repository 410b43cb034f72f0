using RealtimeSuite.Gateway.Connections;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Limits;

/// <summary>
/// The leases of all replicas in Redis: a sorted set a user and one an address, of client ids by the Unix milliseconds at which they
/// expire. The clocks of the replicas may differ by as much as a lease outlives its renewal. Throws when Redis is away or too slow.
/// </summary>
internal sealed class LeaseStore(IConnectionMultiplexer redis, LimitOptions limits, TimeProvider clock)
{
    /// <summary>Most leases in one call: Redis does nothing else meanwhile.</summary>
    public const int RenewedAtOnce = 500;

    // KEYS: user, address. ARGV: now, expiry, client id, most of the user, most of the address, ms to keep the sets.
    // Answers 0 when it was added, 1 when the user has too many, 2 when the address has.
    private const string Enter = """
        redis.call('ZREMRANGEBYSCORE', KEYS[1], '-inf', ARGV[1])
        redis.call('ZREMRANGEBYSCORE', KEYS[2], '-inf', ARGV[1])
        if redis.call('ZCARD', KEYS[1]) >= tonumber(ARGV[4]) then return 1 end
        if redis.call('ZCARD', KEYS[2]) >= tonumber(ARGV[5]) then return 2 end
        for i = 1, 2 do
          redis.call('ZADD', KEYS[i], ARGV[2], ARGV[3])
          redis.call('PEXPIRE', KEYS[i], ARGV[6])
        end
        return 0
        """;

    // KEYS: user and address of each lease. ARGV: expiry, ms to keep the sets, then the client id of each lease.
    private const string Renew = """
        for i = 1, #KEYS do
          redis.call('ZADD', KEYS[i], ARGV[1], ARGV[3 + math.floor((i - 1) / 2)])
          redis.call('PEXPIRE', KEYS[i], ARGV[2])
        end
        return #KEYS
        """;

    /// <summary>The sorted set of a user.</summary>
    public static string UserKey(string userId) => "limits:user:" + userId;

    /// <summary>The sorted set of an address.</summary>
    public static string AddressKey(string address) => "limits:address:" + address;

    /// <summary>Adds the lease if both limits allow it, in one atomic call; otherwise answers why not.</summary>
    public async Task<DisconnectReason?> EnterAsync(ConnectionLease lease, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var answer = await redis
            .GetDatabase()
            .ScriptEvaluateAsync(
                Enter,
                [UserKey(lease.UserId), AddressKey(lease.Address)],
                [
                    now.ToUnixTimeMilliseconds(),
                    Expiry(now),
                    lease.ClientId,
                    limits.MaxConnectionsPerUser,
                    limits.MaxConnectionsPerAddress,
                    KeepFor,
                ]
            )
            .WaitAsync(limits.CountTimeout, clock, cancellationToken);
        return (int)answer switch
        {
            1 => DisconnectReason.TooManyForUser,
            2 => DisconnectReason.TooManyForAddress,
            _ => null,
        };
    }

    /// <summary>Extends the leases, at most <see cref="RenewedAtOnce"/>, or adds those that Redis has lost.</summary>
    public Task RenewAsync(ConnectionLease[] leases, CancellationToken cancellationToken)
    {
        RedisKey[] keys =
        [
            .. leases.SelectMany(lease => new RedisKey[] { UserKey(lease.UserId), AddressKey(lease.Address) }),
        ];
        RedisValue[] values =
        [
            Expiry(clock.GetUtcNow()),
            KeepFor,
            .. leases.Select(lease => (RedisValue)lease.ClientId),
        ];
        return redis
            .GetDatabase()
            .ScriptEvaluateAsync(Renew, keys, values)
            .WaitAsync(limits.CountTimeout, clock, cancellationToken);
    }

    /// <summary>Takes the lease back. Taking back what is not there changes nothing.</summary>
    public async Task LeaveAsync(ConnectionLease lease)
    {
        var database = redis.GetDatabase();
        await Task.WhenAll(
                database.SortedSetRemoveAsync(UserKey(lease.UserId), lease.ClientId),
                database.SortedSetRemoveAsync(AddressKey(lease.Address), lease.ClientId)
            )
            .WaitAsync(limits.CountTimeout, clock);
    }

    /// <summary>Asks Redis for a sign of life.</summary>
    public Task PingAsync(CancellationToken cancellationToken) =>
        redis.GetDatabase().PingAsync().WaitAsync(limits.CountTimeout, clock, cancellationToken);

    private long KeepFor => (long)(limits.LeaseExpiry * 2).TotalMilliseconds;

    private long Expiry(DateTimeOffset now) => (now + limits.LeaseExpiry).ToUnixTimeMilliseconds();
}
