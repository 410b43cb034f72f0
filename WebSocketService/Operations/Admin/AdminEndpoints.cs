using System.Security.Claims;
using Microsoft.AspNetCore.Mvc;
using RealtimeSuite.Authentication;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Intake;
using RealtimeSuite.Gateway.Operations.Fleet;
using RealtimeSuite.Gateway.Operations.Live;
using RealtimeSuite.Gateway.Operations.Tail;
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
        admin.MapGet(
            "/live",
            (HttpContext context, OperatorStream stream, LiveStream live) => stream.Of(context, live.ReadAsync)
        );
        admin.MapGet(
            "/events",
            (HttpContext context, OperatorStream stream, TailStream tail) => stream.Of(context, tail.ReadAsync)
        );
        admin.MapDelete("/connections/{clientId}", DisconnectClientAsync);
        admin.MapDelete("/users/{userId}", DisconnectUserAsync);
        admin.MapDelete("/channels/{channel}", DisconnectChannelAsync);
    }

    private static Task<IResult> ConnectionsAsync(
        FleetCalls fleet,
        [AsParameters] AdminQuery query,
        [FromQuery(Name = "user_id")] string? userId = null
    ) =>
        ListAsync(
            fleet,
            FleetAction.Connections,
            query,
            request => request with { UserId = string.IsNullOrEmpty(userId) ? null : userId },
            answers => answers.SelectMany(answer => answer.Connections),
            connection => ConnectionOrder.KeyOf(connection, query.Sort),
            (page, answers) => Task.FromResult(page with { Total = answers.Sum(answer => answer.Total) })
        );

    private static Task<IResult> ChannelsAsync(FleetCalls fleet, ChannelLog log, [AsParameters] AdminQuery query) =>
        ListAsync(
            fleet,
            FleetAction.Channels,
            query,
            request => request,
            answers =>
                answers
                    .SelectMany(answer => answer.Channels)
                    .GroupBy(channel => channel.Channel, StringComparer.Ordinal)
                    .Select(same => new ListedChannel(
                        same.Key,
                        same.Sum(channel => channel.Connections),
                        // Every replica with connections on a channel sees all of its events.
                        same.Max(channel => channel.Rate)
                    )),
            channel => channel.Channel,
            async (page, _) => page with { Items = await WithPositionsAsync(log, page.Items) }
        );

    private static async Task<IReadOnlyList<ListedChannel>> WithPositionsAsync(
        ChannelLog log,
        IReadOnlyList<ListedChannel> channels
    )
    {
        if (channels.Count == 0)
        {
            return channels;
        }

        var positions = await log.ReadAsync([
            .. channels.Select(channel => KeyValuePair.Create<string, ChannelPosition?>(channel.Channel, null)),
        ]);
        return
        [
            .. channels.Select(
                (channel, i) => channel with { Offset = positions[i].Offset, Epoch = positions[i].Epoch }
            ),
        ];
    }

    /// <summary>Each replica gives its first items behind the cursor, in order; the first of all of them together are the page.</summary>
    private static async Task<IResult> ListAsync<T>(
        FleetCalls fleet,
        FleetAction action,
        AdminQuery query,
        Func<FleetRequest, FleetRequest> narrow,
        Func<IReadOnlyList<FleetAnswer>, IEnumerable<T>> merge,
        Func<T, string> key,
        Func<AdminPage<T>, IReadOnlyList<FleetAnswer>, Task<AdminPage<T>>> complete
    )
    {
        if (query.Problem is { } problem)
        {
            return TypedResults.Problem(problem, statusCode: StatusCodes.Status400BadRequest);
        }

        return await AnswerAsync(
            fleet,
            action,
            request => narrow(query.Narrow(request)),
            async result =>
            {
                var order = query.Narrow(new FleetRequest("", "", action)).Order;
                var items = merge(result.Answers).OrderBy(key, order).Take(query.Limit + 1).ToList();
                var next = items.Count > query.Limit ? AdminPages.CursorAfter(key(items[query.Limit - 1])) : null;
                var page = new AdminPage<T>([.. items.Take(query.Limit)], next, result.Replicas, result.Answers.Count);
                return TypedResults.Ok(await complete(page, result.Answers));
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
                return Task.FromResult<IResult>(
                    closed == 0 && kind == "connection" && result.IsComplete
                        ? TypedResults.Problem(
                            "There is no such connection.",
                            statusCode: StatusCodes.Status404NotFound
                        )
                        : TypedResults.Ok(new Disconnected(closed, result.Replicas, result.Answers.Count))
                );
            }
        );

    private static async Task<IResult> AnswerAsync(
        FleetCalls fleet,
        FleetAction action,
        Func<FleetRequest, FleetRequest> narrow,
        Func<FleetResult, Task<IResult>> answer
    )
    {
        try
        {
            return await answer(await fleet.AskAsync(action, narrow));
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
