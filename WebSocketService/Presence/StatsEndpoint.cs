using Microsoft.AspNetCore.Http.HttpResults;
using RealtimeSuite.Contracts;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Presence;

/// <summary><c>GET /stats</c>: who is connected, across all replicas, or with <c>?scope=local</c> on this one (source: seed 001).</summary>
internal static class StatsEndpoint
{
    /// <summary>Maps it; outside Development for admins only, as it names users.</summary>
    public static void MapStats(this WebApplication app)
    {
        var stats = app.MapGet("/stats", StatsAsync);
        if (!app.Environment.IsDevelopment())
        {
            stats.RequireAuthorization(policy => policy.RequireRole(Roles.Admin));
        }
    }

    private static async Task<Results<Ok<StatsAnswer>, ProblemHttpResult>> StatsAsync(
        PresenceBoard board,
        IConnectionMultiplexer redis,
        TimeProvider clock,
        string scope = "all"
    )
    {
        if (scope is not ("all" or "local"))
        {
            return TypedResults.Problem("scope is all or local.", statusCode: StatusCodes.Status400BadRequest);
        }

        if (scope == "local")
        {
            return TypedResults.Ok(StatsAnswer.Of(board.Snapshot()));
        }

        try
        {
            return TypedResults.Ok(StatsAnswer.Of(await AllAsync(redis.GetDatabase(), clock.GetUtcNow())));
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
        {
            return TypedResults.Problem(
                "The other replicas cannot be asked while Redis is away; scope=local answers for this one.",
                statusCode: StatusCodes.Status503ServiceUnavailable
            );
        }
    }

    private static async Task<IEnumerable<KeyValuePair<string, int>>> AllAsync(IDatabase database, DateTimeOffset now)
    {
        var oldest = (now - PresencePublisher.Expiry).ToUnixTimeMilliseconds();
        await database.SortedSetRemoveRangeByScoreAsync(PresencePublisher.ReplicasKey, double.NegativeInfinity, oldest);
        var replicas = await database.SortedSetRangeByRankAsync(PresencePublisher.ReplicasKey);
        var counts = await Task.WhenAll(
            replicas.Select(replica => database.HashGetAllAsync(PresencePublisher.Key(replica.ToString())))
        );
        return counts
            .SelectMany(users => users)
            .Where(user => user.Name != RedisValue.EmptyString)
            .Select(user => KeyValuePair.Create(user.Name.ToString(), (int)user.Value));
    }
}

/// <summary>The answer of <c>/stats</c>.</summary>
/// <param name="TotalUsers">Users with at least one connection.</param>
/// <param name="TotalConnections">Connections.</param>
/// <param name="Users">Connections of each user.</param>
internal sealed record StatsAnswer(int TotalUsers, int TotalConnections, SortedDictionary<string, int> Users)
{
    /// <summary>Adds up the counts of several replicas.</summary>
    public static StatsAnswer Of(IEnumerable<KeyValuePair<string, int>> counts)
    {
        var users = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (userId, count) in counts)
        {
            users[userId] = users.GetValueOrDefault(userId) + count;
        }

        return new StatsAnswer(users.Count, users.Values.Sum(), users);
    }
}
