using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Operations.Health;

/// <summary>The health paths of seeds 002 and 003, for everyone: they name orders, as the seed does, but no users. They speak of one replica.</summary>
internal static class SocketHealth
{
    private const int MaxChannels = 1000;
    private const string Healthy = "healthy";
    private const string Unhealthy = "unhealthy";
    private const string OrderPrefix = "order:";

    /// <summary>Maps them.</summary>
    public static void MapSocketHealth(this WebApplication app)
    {
        app.MapGet("/healthz", () => TypedResults.Ok(new BasicHealth(Healthy))).ExcludeFromDescription();
        app.MapGet("/healthz/redis", RedisAsync).ExcludeFromDescription();
        app.MapGet("/healthz/websocket", Sockets).ExcludeFromDescription();
        app.MapGet("/api/v1/ws/health", ChannelsAsync).ExcludeFromDescription();
    }

    private static async Task<IResult> RedisAsync([FromKeyedServices(BackingProbe.Redis)] BackingProbe redis) =>
        await redis.IsHealthyAsync()
            ? TypedResults.Ok(new BasicHealth(Healthy))
            : TypedResults.Json(new BasicHealth(Unhealthy), statusCode: StatusCodes.Status503ServiceUnavailable);

    private static IResult Sockets(ConnectionRegistry registry, Drain drain)
    {
        var users = registry.All.Select(connection => connection.UserId).Distinct(StringComparer.Ordinal).Count();
        return drain.IsDraining
            ? TypedResults.Json(
                new ManagerHealth("stopping", registry.Count, users),
                statusCode: StatusCodes.Status503ServiceUnavailable
            )
            : TypedResults.Ok(new ManagerHealth(Healthy, registry.Count, users));
    }

    private static async Task<IResult> ChannelsAsync(
        ConnectionRegistry registry,
        ChannelFeeds feeds,
        [FromKeyedServices(BackingProbe.Redis)] BackingProbe redis,
        [FromKeyedServices(BackingProbe.Kafka)] BackingProbe kafka
    )
    {
        var checks = await Task.WhenAll(redis.IsHealthyAsync(), kafka.IsHealthyAsync());
        checks[0] &= feeds.IsLive;
        var channels = new SortedDictionary<string, int>(StringComparer.Ordinal);
        var connections = 0;
        foreach (var connection in registry.All)
        {
            connections++;
            var channel = ChannelOf(connection);
            if (channels.TryGetValue(channel, out var count) || channels.Count < MaxChannels)
            {
                channels[channel] = count + 1;
            }
        }

        var health = new ChannelHealth(
            checks switch
            {
                [true, true] => Healthy,
                [false, false] => Unhealthy,
                _ => "degraded",
            },
            checks[0] ? Healthy : Unhealthy,
            [.. channels.Keys],
            connections,
            channels
        );
        return TypedResults.Json(
            health,
            statusCode: health.Status == Unhealthy ? StatusCodes.Status503ServiceUnavailable : StatusCodes.Status200OK
        );
    }

    /// <summary>By how the connection came in: <c>order_{id}</c> and <c>products</c> as the seed prints them; one name for all sockets of users.</summary>
    private static string ChannelOf(Connection connection) =>
        connection.Surface switch
        {
            Surface.Order => connection.Channels.FirstOrDefault(name =>
                name.StartsWith(OrderPrefix, StringComparison.Ordinal)
            )
                is { } order
                ? "order_" + order[OrderPrefix.Length..]
                : "orders",
            Surface.Products => "products",
            Surface.Admin => "admin",
            _ => "users",
        };
}

/// <summary>The answer of <c>/healthz</c> and <c>/healthz/redis</c> (source: seed 002, which prints none).</summary>
/// <param name="Status"><c>healthy</c> or <c>unhealthy</c>.</param>
internal sealed record BasicHealth(string Status);

/// <summary>The answer of <c>/healthz/websocket</c> (source: seed 002, which prints none).</summary>
/// <param name="Status"><c>healthy</c> or <c>stopping</c>.</param>
/// <param name="TotalConnections">Open connections of this replica.</param>
/// <param name="TotalUsers">Users who have them.</param>
internal sealed record ManagerHealth(string Status, int TotalConnections, int TotalUsers);

/// <summary>The answer of <c>/api/v1/ws/health</c> (source: seed 003).</summary>
/// <param name="Status"><c>healthy</c>, <c>degraded</c> while one of Redis and Kafka is away, <c>unhealthy</c> while both are.</param>
/// <param name="RedisStatus"><c>healthy</c> or <c>unhealthy</c>.</param>
/// <param name="ActiveChannels">What has connections, at most 1,000 names.</param>
/// <param name="TotalConnections">Open connections of this replica.</param>
/// <param name="ChannelDetails">Connections by channel.</param>
internal sealed record ChannelHealth(
    string Status,
    string RedisStatus,
    IReadOnlyList<string> ActiveChannels,
    int TotalConnections,
    SortedDictionary<string, int> ChannelDetails
);
