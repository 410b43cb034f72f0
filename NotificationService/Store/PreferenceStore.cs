using RealtimeSuite.Contracts;
using StackExchange.Redis;

namespace RealtimeSuite.Notifications.Store;

/// <summary>What users do not want to hear of: a set of categories a user.</summary>
internal sealed class PreferenceStore(IConnectionMultiplexer redis)
{
    /// <summary>The muted categories, in order of the alphabet.</summary>
    public async Task<IReadOnlyList<string>> MutedAsync(string userId)
    {
        var muted = await redis.GetDatabase().SetMembersAsync(RedisKeys.NotificationMuted(userId));
        return [.. muted.Select(category => category.ToString()).Order(StringComparer.Ordinal)];
    }

    /// <summary>Replaces them.</summary>
    public async Task MuteAsync(string userId, IEnumerable<string> categories)
    {
        var key = RedisKeys.NotificationMuted(userId);
        var transaction = redis.GetDatabase().CreateTransaction();
        _ = transaction.KeyDeleteAsync(key);
        _ = transaction.SetAddAsync(key, [.. categories.Select(category => (RedisValue)category)]);
        await transaction.ExecuteAsync();
    }
}
