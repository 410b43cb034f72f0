using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using RealtimeSuite.Authentication;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Operations.Fleet;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Gateway.Operations.Admin;

/// <summary>Who is connected to any replica, and ending connections wherever they are. For admins, in every environment.</summary>
internal static partial class AdminEndpoints
{
    /// <summary>Maps the paths.</summary>
    public static void MapAdmin(this WebApplication app)
    {
        var admin = app.MapGroup("/api/v1/ws/admin").RequireAuthorization(policy => policy.RequireRole(Roles.Admin));
        admin.MapGet("/connections", ConnectionsAsync);
        admin.MapGet("/channels", ChannelsAsync);
        admin.MapDelete("/connections/{clientId}", DisconnectClientAsync);
        admin.MapDelete("/users/{userId}", DisconnectUserAsync);
        admin.MapDelete("/channels/{channel}", DisconnectChannelAsync);
    }

    private static Task<IResult> ConnectionsAsync(
        FleetCalls fleet,
        [FromQuery(Name = "user_id")] string? userId = null,
        string? cursor = null,
        int limit = AdminPages.DefaultSize
    ) =>
        ListAsync(
            fleet,
            FleetAction.Connections,
            request => request with { UserId = string.IsNullOrEmpty(userId) ? null : userId },
            answers => answers.SelectMany(answer => answer.Connections),
            connection => connection.ClientId,
            cursor,
            limit
        );

    private static Task<IResult> ChannelsAsync(
        FleetCalls fleet,
        string? cursor = null,
        int limit = AdminPages.DefaultSize
    ) =>
        ListAsync(
            fleet,
            FleetAction.Channels,
            request => request,
            answers =>
                answers
                    .SelectMany(answer => answer.Channels)
                    .GroupBy(channel => channel.Channel, StringComparer.Ordinal)
                    .Select(same => new ListedChannel(same.Key, same.Sum(channel => channel.Connections))),
            channel => channel.Channel,
            cursor,
            limit
        );

    /// <summary>Each replica gives its first items behind the cursor, in order; the first of all of them together are the page.</summary>
    private static async Task<IResult> ListAsync<T>(
        FleetCalls fleet,
        FleetAction action,
        Func<FleetRequest, FleetRequest> narrow,
        Func<IReadOnlyList<FleetAnswer>, IEnumerable<T>> merge,
        Func<T, string> key,
        string? cursor,
        int limit
    )
    {
        if (limit is < 1 or > AdminPages.MaxSize || !AdminPages.TryRead(cursor, out var after))
        {
            return TypedResults.Problem(
                $"limit is 1 to {AdminPages.MaxSize}, cursor is the next_cursor of a page.",
                statusCode: StatusCodes.Status400BadRequest
            );
        }

        return await AnswerAsync(
            fleet,
            action,
            request => narrow(request) with { After = after, Limit = limit + 1 },
            result =>
            {
                var items = merge(result.Answers).OrderBy(key, StringComparer.Ordinal).Take(limit + 1).ToList();
                var next = items.Count > limit ? AdminPages.CursorAfter(key(items[limit - 1])) : null;
                return TypedResults.Ok(
                    new AdminPage<T>([.. items.Take(limit)], next, result.Replicas, result.Answers.Count)
                );
            }
        );
    }

    private static Task<IResult> DisconnectClientAsync(
        string clientId,
        FleetCalls fleet,
        ClaimsPrincipal caller,
        ILoggerFactory loggers
    ) =>
        DisconnectAsync(
            fleet,
            caller,
            loggers,
            "connection",
            clientId,
            request => request with { ClientId = clientId }
        );

    private static Task<IResult> DisconnectUserAsync(
        string userId,
        FleetCalls fleet,
        ClaimsPrincipal caller,
        ILoggerFactory loggers
    ) => DisconnectAsync(fleet, caller, loggers, "user", userId, request => request with { UserId = userId });

    private static Task<IResult> DisconnectChannelAsync(
        string channel,
        FleetCalls fleet,
        ClaimsPrincipal caller,
        ILoggerFactory loggers
    ) => DisconnectAsync(fleet, caller, loggers, "channel", channel, request => request with { Channel = channel });

    private static Task<IResult> DisconnectAsync(
        FleetCalls fleet,
        ClaimsPrincipal caller,
        ILoggerFactory loggers,
        string kind,
        string id,
        Func<FleetRequest, FleetRequest> narrow
    ) =>
        AnswerAsync(
            fleet,
            FleetAction.Close,
            narrow,
            result =>
            {
                var closed = result.Answers.Sum(answer => answer.Closed);
                Log.Disconnected(
                    loggers.CreateLogger(AuditLog.Category),
                    caller.FindFirstValue(TokenClaims.Subject),
                    kind,
                    id,
                    closed
                );
                return closed == 0 && kind == "connection" && result.IsComplete
                    ? TypedResults.Problem("There is no such connection.", statusCode: StatusCodes.Status404NotFound)
                    : TypedResults.Ok(new Disconnected(closed, result.Replicas, result.Answers.Count));
            }
        );

    private static async Task<IResult> AnswerAsync(
        FleetCalls fleet,
        FleetAction action,
        Func<FleetRequest, FleetRequest> narrow,
        Func<FleetResult, IResult> answer
    )
    {
        try
        {
            return answer(await fleet.AskAsync(action, narrow));
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            return TypedResults.Problem(
                "The replicas cannot be asked while Redis is away.",
                statusCode: StatusCodes.Status503ServiceUnavailable
            );
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "disconnect {Operator} {Kind} {Id} {Connections}")]
        public static partial void Disconnected(
            ILogger logger,
            string? @operator,
            string kind,
            string id,
            int connections
        );
    }
}
