using System.Text.Json;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Messaging;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Presence;

/// <summary>
/// Keeps this replica's counts in Redis: a hash <c>presence:{replica}</c> and its ledger <c>ledger:{replica}</c>, which expire with the
/// replica, and a sorted set <c>presence</c> of replicas by their last sign of life. Changes go out at once, everything again with each sign of life, which repairs what was lost.
/// </summary>
internal sealed partial class PresencePublisher(
    IConnectionMultiplexer redis,
    PresenceBoard board,
    Ledger ledger,
    Replica replica,
    TimeProvider clock,
    ILogger<PresencePublisher> logger
) : BackgroundService
{
    /// <summary>The sorted set of replicas, scored by Unix milliseconds.</summary>
    public const string ReplicasKey = "presence";

    /// <summary>A replica without a sign of life for this long does not count.</summary>
    public static readonly TimeSpan Expiry = TimeSpan.FromSeconds(15);

    private static readonly TimeSpan SignOfLife = TimeSpan.FromSeconds(5);

    private readonly string _key = Key(replica.Id);

    /// <summary>The hash of one replica.</summary>
    public static string Key(string replicaId) => "presence:" + replicaId;

    /// <summary>The ledger of one replica, as of its last sign of life.</summary>
    public static string LedgerKey(string replicaId) => "ledger:" + replicaId;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var lastFull = clock.GetTimestamp() - (SignOfLife.Ticks * clock.TimestampFrequency / TimeSpan.TicksPerSecond);
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (clock.GetElapsedTime(lastFull) >= SignOfLife)
                {
                    await PublishAllAsync();
                    lastFull = clock.GetTimestamp();
                }

                await board.WaitAsync(SignOfLife, stoppingToken);
                await PublishAsync(board.TakeChanges());
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception) when (exception.IsRedisFailure() || exception is OperationCanceledException)
            {
                // The client cancels what waits on a connection that it gives up.
                Log.NotPublished(logger, exception.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await WithdrawAsync();
    }

    private async Task PublishAllAsync()
    {
        var transaction = redis.GetDatabase().CreateTransaction();
        _ = transaction.KeyDeleteAsync(_key);
        _ = transaction.HashSetAsync(
            _key,
            [new HashEntry("", 0), .. board.Snapshot().Select(user => new HashEntry(user.Key, user.Value))]
        );
        _ = transaction.KeyExpireAsync(_key, Expiry);
        _ = transaction.StringSetAsync(
            LedgerKey(replica.Id),
            JsonSerializer.SerializeToUtf8Bytes(ledger.Read(), StatsJson.Wire.LedgerState),
            Expiry
        );
        _ = transaction.SortedSetAddAsync(ReplicasKey, replica.Id, clock.GetUtcNow().ToUnixTimeMilliseconds());
        await transaction.ExecuteAsync();
    }

    private async Task PublishAsync(List<KeyValuePair<string, int>> changes)
    {
        var database = redis.GetDatabase();
        foreach (var (userId, count) in changes)
        {
            if (count > 0)
            {
                await database.HashSetAsync(_key, userId, count);
            }
            else
            {
                await database.HashDeleteAsync(_key, userId);
            }
        }
    }

    private async Task WithdrawAsync()
    {
        try
        {
            await redis.GetDatabase().KeyDeleteAsync([_key, LedgerKey(replica.Id)]);
            await redis.GetDatabase().SortedSetRemoveAsync(ReplicasKey, replica.Id);
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            Log.NotPublished(logger, exception.Message);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The counts of this replica could not be published: {Reason}")]
        public static partial void NotPublished(ILogger logger, string reason);
    }
}
