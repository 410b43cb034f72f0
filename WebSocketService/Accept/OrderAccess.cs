using System.Text.Json;
using Microsoft.Extensions.Options;
using RealtimeSuite.Authentication;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Messaging;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Accept;

/// <summary>Who may watch an order: its owner and admins (source: seed 003). Only admins can tell a stranger's order from a missing one.</summary>
internal sealed class OrderAccess(IConnectionMultiplexer redis, IOptions<GatewayOptions> options, TimeProvider clock)
{
    /// <summary>The order id in its one form; null for anything that is no UUID.</summary>
    public static string? Normalize(string? orderId) =>
        Guid.TryParseExact(orderId, "D", out var id) ? id.ToString() : null;

    /// <summary>Why the caller may not, or null.</summary>
    public async Task<DisconnectReason?> RefuseAsync(string orderId, Caller caller)
    {
        RedisValue state;
        try
        {
            state = await redis
                .GetDatabase()
                .HashGetAsync(RedisKeys.Order(orderId), RedisKeys.StateField)
                .WaitAsync(options.Value.ReadTimeout, clock);
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            return DisconnectReason.Unavailable;
        }

        var isAdmin = caller.IsInRole(Roles.Admin);
        if (state.IsNull)
        {
            return isAdmin ? DisconnectReason.NotFound : DisconnectReason.Forbidden;
        }

        return isAdmin || OwnerOf(state) == caller.UserId ? null : DisconnectReason.Forbidden;
    }

    private static string? OwnerOf(RedisValue state)
    {
        using var json = JsonDocument.Parse((ReadOnlyMemory<byte>)state);
        return EventFields.Text(json.RootElement, "user_id");
    }
}
