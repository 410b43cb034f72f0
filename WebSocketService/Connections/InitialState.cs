using System.Text.Json;
using Microsoft.Extensions.Options;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Gateway.Dialects;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Messaging;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>The newest notifications of a user, for <c>initial_state</c> (source: seed 004). Within a deadline, or empty and marked as partial.</summary>
internal sealed partial class InitialState(
    IConnectionMultiplexer redis,
    IOptions<GatewayOptions> options,
    TimeProvider clock,
    ILogger<InitialState> logger
)
{
    private const int Newest = 50;

    /// <summary>The frame. Never fails.</summary>
    public async Task<Frame> ReadAsync(string userId)
    {
        try
        {
            return await ReadFromRedisAsync(userId).WaitAsync(options.Value.ReadTimeout, clock);
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            Log.NotRead(logger, userId, exception.Message);
            return ServerFrames.InitialState([], unread: 0, partial: true);
        }
    }

    private async Task<Frame> ReadFromRedisAsync(string userId)
    {
        var database = redis.GetDatabase();
        var unread = database.StringGetAsync(RedisKeys.NotificationUnread(userId));
        var ids = await database.SortedSetRangeByRankAsync(
            RedisKeys.NotificationIndex(userId),
            0,
            Newest - 1,
            Order.Descending
        );
        var items = ids.Length == 0 ? [] : await database.HashGetAsync(RedisKeys.NotificationItems(userId), ids);
        return ServerFrames.InitialState(
            [.. items.Select(Parse).OfType<Notification>()],
            (long)await unread,
            partial: false
        );
    }

    /// <summary>Null for one that was removed meanwhile, or is none.</summary>
    private static Notification? Parse(RedisValue item)
    {
        try
        {
            return item.IsNull
                ? null
                : JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)item).Span, FramesJson.Wire.Notification);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The notifications of {UserId} could not be read: {Reason}")]
        public static partial void NotRead(ILogger logger, string userId, string reason);
    }
}
