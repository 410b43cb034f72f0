using Microsoft.Extensions.Options;
using RealtimeSuite.Gateway.Dialects;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Messaging;
using RealtimeSuite.Notifications;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>The newest notifications of a user and of the user's roles, for <c>initial_state</c> (source: seed 004). Within a deadline, or empty and marked as partial.</summary>
internal sealed partial class InitialState(
    IConnectionMultiplexer redis,
    IOptions<GatewayOptions> options,
    TimeProvider clock,
    ILogger<InitialState> logger
)
{
    private const int Newest = 50;

    private readonly NotificationReader _notifications = new(redis);

    /// <summary>The frame. Never fails.</summary>
    public async Task<Frame> ReadAsync(string userId, IReadOnlyCollection<string> roles)
    {
        try
        {
            return await ReadFromRedisAsync(userId, roles).WaitAsync(options.Value.ReadTimeout, clock);
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            Log.NotRead(logger, userId, exception.Message);
            return ServerFrames.InitialState([], unread: 0, partial: true);
        }
    }

    private async Task<Frame> ReadFromRedisAsync(string userId, IReadOnlyCollection<string> roles)
    {
        var list = await _notifications.ReadAsync(userId, roles, Newest);
        return ServerFrames.InitialState(list.Items, list.Unread, partial: false);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The notifications of {UserId} could not be read: {Reason}")]
        public static partial void NotRead(ILogger logger, string userId, string reason);
    }
}
