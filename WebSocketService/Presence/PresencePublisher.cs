using System.Text.Json;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Messaging;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Presence;

/// <summary>
/// Keeps this replica's counts in Redis: a hash <c>presence:{replica}</c> and its ledger <c>ledger:{replica}</c>, which expire with the
/// replica, and a sorted set <c>presence</c> of replicas by their last sign of life. Changes go out at once, everything again with every other sign
/// of life, or when the hash is gone, which repairs what was lost.
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

    private const int SignsToRewrite = 2;

    // A command of so many fields keeps others waiting on the same connection for less than a millisecond.
    private const int FieldsAtOnce = 500;

    // A field that is no user's; a hash without it was lost and made anew by a change.
    private const string Marker = "";

    private readonly string _key = Key(replica.Id);
    private readonly string _nextKey = Key(replica.Id) + ":next";

    /// <summary>The hash of one replica.</summary>
    public static string Key(string replicaId) => "presence:" + replicaId;

    /// <summary>The ledger of one replica, as of its last sign of life.</summary>
    public static string LedgerKey(string replicaId) => "ledger:" + replicaId;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        long? signed = null;
        var signs = 0;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (signed is not { } last || clock.GetElapsedTime(last) >= SignOfLife)
                {
                    if (!await SignAsync() || signs + 1 >= SignsToRewrite)
                    {
                        await PublishAllAsync();
                        signs = 0;
                    }
                    else
                    {
                        signs++;
                    }

                    signed = clock.GetTimestamp();
                }

                await board.WaitAsync(SignOfLife, stoppingToken);
                await PublishAsync(board.TakeChanges());
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception) when (exception.IsRedisFailure())
            {
                Log.NotPublished(logger, exception.Message);
                await Task.Delay(TimeSpan.FromSeconds(1), clock, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await WithdrawAsync();
    }

    /// <summary>Keeps what is in Redis for a while longer. False when the counts are not there, or not all.</summary>
    private async Task<bool> SignAsync()
    {
        var transaction = redis.GetDatabase().CreateTransaction();
        var isWhole = transaction.HashExistsAsync(_key, Marker);
        _ = transaction.KeyExpireAsync(_key, Expiry);
        _ = transaction.StringSetAsync(
            LedgerKey(replica.Id),
            JsonSerializer.SerializeToUtf8Bytes(ledger.Read(), StatsJson.Wire.LedgerState),
            Expiry
        );
        _ = transaction.SortedSetAddAsync(ReplicasKey, replica.Id, clock.GetUtcNow().ToUnixTimeMilliseconds());
        await transaction.ExecuteAsync();
        return await isWhole;
    }

    /// <summary>Writes a second hash, piece by piece, and puts it in the place of the first.</summary>
    private async Task PublishAllAsync()
    {
        var database = redis.GetDatabase();
        var started = database.CreateTransaction();
        _ = started.KeyDeleteAsync(_nextKey);
        _ = started.HashSetAsync(_nextKey, Marker, 0);
        _ = started.KeyExpireAsync(_nextKey, Expiry);
        await started.ExecuteAsync();
        foreach (var piece in board.Counts.Chunk(FieldsAtOnce))
        {
            await database.HashSetAsync(_nextKey, [.. piece.Select(user => new HashEntry(user.Key, user.Value))]);
        }

        // What changes meanwhile is written afterwards.
        await database.KeyRenameAsync(_nextKey, _key);
        await database.KeyExpireAsync(_key, Expiry);
    }

    private async Task PublishAsync(List<KeyValuePair<string, int>> changes)
    {
        var database = redis.GetDatabase();
        foreach (var piece in changes.Chunk(FieldsAtOnce))
        {
            var here = piece.Where(user => user.Value > 0).Select(user => new HashEntry(user.Key, user.Value));
            var gone = piece.Where(user => user.Value <= 0).Select(user => (RedisValue)user.Key);
            await Task.WhenAll(database.HashSetAsync(_key, [.. here]), database.HashDeleteAsync(_key, [.. gone]));
        }
    }

    private async Task WithdrawAsync()
    {
        try
        {
            await redis.GetDatabase().KeyDeleteAsync([_key, _nextKey, LedgerKey(replica.Id)]);
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
