using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Messaging;
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
        Ledger ledger,
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
            return TypedResults.Ok(StatsAnswer.Of(board.Counts, ledger.Read()));
        }

        try
        {
            return TypedResults.Ok(await AllAsync(redis.GetDatabase(), clock.GetUtcNow()));
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            return TypedResults.Problem(
                "The other replicas cannot be asked while Redis is away; scope=local answers for this one.",
                statusCode: StatusCodes.Status503ServiceUnavailable
            );
        }
    }

    private static async Task<StatsAnswer> AllAsync(IDatabase database, DateTimeOffset now)
    {
        var oldest = (now - PresencePublisher.Expiry).ToUnixTimeMilliseconds();
        await database.SortedSetRemoveRangeByScoreAsync(PresencePublisher.ReplicasKey, double.NegativeInfinity, oldest);
        var replicas = await database.SortedSetRangeByRankAsync(PresencePublisher.ReplicasKey);
        var counts = Task.WhenAll(
            replicas.Select(replica => database.HashGetAllAsync(PresencePublisher.Key(replica.ToString())))
        );
        var ledgers = await Task.WhenAll(
            replicas.Select(replica => database.StringGetAsync(PresencePublisher.LedgerKey(replica.ToString())))
        );
        var users = (await counts)
            .SelectMany(users => users)
            .Where(user => user.Name != RedisValue.EmptyString)
            .Select(user => KeyValuePair.Create(user.Name.ToString(), (int)user.Value));
        return StatsAnswer.Of(
            users,
            ledgers.Select(Parse).OfType<LedgerState>().Aggregate(LedgerState.Empty, (sum, state) => sum + state)
        );
    }

    private static LedgerState? Parse(RedisValue ledger) =>
        ledger.IsNull
            ? null
            : JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)ledger).Span, StatsJson.Wire.LedgerState);
}

/// <summary>The answer of <c>/stats</c>.</summary>
/// <param name="TotalUsers">Users with at least one connection.</param>
/// <param name="TotalConnections">Connections.</param>
/// <param name="Users">Connections of each user.</param>
/// <param name="Ledger">What became of every copy of an event; of all replicas as of their last signs of life, up to 5 s ago.</param>
internal sealed record StatsAnswer(
    int TotalUsers,
    int TotalConnections,
    SortedDictionary<string, int> Users,
    LedgerState Ledger
)
{
    /// <summary>Adds up the counts of several replicas.</summary>
    public static StatsAnswer Of(IEnumerable<KeyValuePair<string, int>> counts, LedgerState ledger)
    {
        var users = new SortedDictionary<string, int>(StringComparer.Ordinal);
        foreach (var (userId, count) in counts)
        {
            users[userId] = users.GetValueOrDefault(userId) + count;
        }

        return new StatsAnswer(users.Count, users.Values.Sum(), users, ledger);
    }
}

/// <summary>How the ledger is written in Redis: as in answers, snake_case.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LedgerState))]
internal sealed partial class StatsJson : JsonSerializerContext
{
    /// <summary>The only instance.</summary>
    public static StatsJson Wire => Default;
}
