using System.Net.WebSockets;
using Microsoft.Extensions.Options;
using RealtimeSuite.Authentication;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Limits;
using RealtimeSuite.Gateway.Transport;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Gateway.Accept;

/// <summary>
/// A handshake, step by step: is it one, may its page, is the order's id an id, who is it, may they. <c>/ws/admin</c> refuses with an
/// HTTP status; everywhere else the handshake is accepted and the socket closed at once, so that a browser can read why.
/// </summary>
internal sealed class SocketEndpoint(
    SocketAuthenticator authenticator,
    OriginCheck origins,
    OrderAccess orders,
    ConnectionLimits limits,
    ConnectionSession session,
    DirectSockets directs,
    GatewayTelemetry telemetry,
    AuditLog audit,
    Drain drain,
    Replica replica,
    IOptions<GatewayOptions> options
)
{
    private readonly GatewayOptions _options = options.Value;

    /// <summary>Runs the socket to its end.</summary>
    public async Task AcceptAsync(HttpContext context, Surface surface, string? orderId)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            context.Response.Headers.SecWebSocketVersion = "13";
            await AnswerAsync(context, StatusCodes.Status426UpgradeRequired, "This path takes WebSocket connections.");
            return;
        }

        if (!origins.Allows(context.Request))
        {
            telemetry.Refused(GatewayTelemetry.RefusedOrigin);
            audit.Refused(surface, context.Connection.RemoteIpAddress, userId: null, GatewayTelemetry.RefusedOrigin);
            await AnswerAsync(context, StatusCodes.Status403Forbidden, "Pages of this origin may not connect.");
            return;
        }

        var handshake = HandshakeToken.Of(context, OriginCheck.IsFromPage(context.Request));
        var (visitor, refusal) = await IdentifyAsync(context, surface, orderId, handshake);
        context.Response.Headers[Replica.Header] = replica.Id;
        if (refusal is { } reason)
        {
            await RefuseAsync(context, surface, visitor?.Caller.UserId, handshake.SubProtocol, reason);
            return;
        }

        await EnterAsync(context, visitor!, handshake.SubProtocol);
    }

    /// <summary>Takes a place among the user's, the address's and this replica's connections, which the session gives back at its end.</summary>
    private async Task EnterAsync(HttpContext context, Visitor visitor, string? subProtocol)
    {
        var admission = await limits.EnterAsync(
            visitor.Caller.UserId,
            visitor.Address,
            visitor.ClientId,
            context.RequestAborted
        );
        if (!admission.IsAdmitted)
        {
            await RefuseAsync(context, visitor.Surface, visitor.Caller.UserId, subProtocol, admission.Refusal);
            return;
        }

        WebSocket socket;
        DirectSocket? direct = null;
        try
        {
            var connection = ConnectionToTake(context);
            socket = await context.WebSockets.AcceptWebSocketAsync(AcceptContext(subProtocol, connection));
            if (connection is not null)
            {
                (socket, direct) = await directs.TakeAsync(connection);
            }
        }
        catch
        {
            await limits.LeaveAsync(admission.Lease);
            throw;
        }

        if (direct is null)
        {
            await session.RunAsync(socket, visitor, direct, admission.Lease);
        }
        else
        {
            // The request ends here, and the web server forgets the connection.
            session.RunDetached(socket, visitor, direct, admission.Lease);
        }
    }

    private async Task<(Visitor? Visitor, DisconnectReason? Refusal)> IdentifyAsync(
        HttpContext context,
        Surface surface,
        string? orderId,
        HandshakeToken handshake
    )
    {
        if (drain.IsDraining)
        {
            return (null, DisconnectReason.Restarting);
        }

        var id = OrderAccess.Normalize(orderId);
        if (surface == Surface.Order && id is null)
        {
            return (null, DisconnectReason.MalformedId);
        }

        Caller? caller;
        try
        {
            caller = await authenticator.AuthenticateAsync(handshake, context.Request);
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            return (null, DisconnectReason.Unavailable);
        }

        if (caller is null)
        {
            return (null, DisconnectReason.Unauthenticated);
        }

        var visitor = new Visitor(
            surface,
            caller,
            ClientAddress.Of(context.Connection.RemoteIpAddress),
            id,
            context.Request.Query.TryGetValue("resume", out var resume) ? resume.ToString() : null
        );
        return (visitor, await RefuseAsync(context.Request, visitor));
    }

    private async Task<DisconnectReason?> RefuseAsync(HttpRequest request, Visitor visitor) =>
        visitor.Surface switch
        {
            Surface.User
                when request.Query["user_id"].ToString() is { Length: > 0 } userId && userId != visitor.Caller.UserId =>
                DisconnectReason.Forbidden,
            Surface.Admin when !visitor.Caller.IsInRole(Roles.Admin) => DisconnectReason.Forbidden,
            Surface.Order => await orders.RefuseAsync(visitor.OrderId!, visitor.Caller),
            _ => null,
        };

    private async Task RefuseAsync(
        HttpContext context,
        Surface surface,
        string? userId,
        string? subProtocol,
        DisconnectReason reason
    )
    {
        telemetry.Refused(reason);
        audit.Refused(surface, context.Connection.RemoteIpAddress, userId, reason.Tag());
        var status = reason switch
        {
            DisconnectReason.Unauthenticated => StatusCodes.Status401Unauthorized,
            DisconnectReason.Forbidden => StatusCodes.Status403Forbidden,
            DisconnectReason.TooManyForUser or DisconnectReason.TooManyForAddress =>
                StatusCodes.Status429TooManyRequests,
            _ => StatusCodes.Status503ServiceUnavailable,
        };
        if (surface == Surface.Admin)
        {
            await AnswerAsync(context, status, reason.Sentence());
            return;
        }

        using var socket = await context.WebSockets.AcceptWebSocketAsync(AcceptContext(subProtocol, taken: null));
        using var deadline = new CancellationTokenSource(_options.CloseTimeout);
        try
        {
            await socket.CloseAsync((WebSocketCloseStatus)reason.Code(), reason.Sentence(), deadline.Token);
        }
        catch (Exception exception) when (exception is WebSocketException or OperationCanceledException)
        {
            socket.Abort();
        }
    }

    /// <summary>The connection to take from the web server; none where the framework compresses.</summary>
    private SocketTransportConnection? ConnectionToTake(HttpContext context) =>
        _options.Compression && context.Request.Headers.SecWebSocketExtensions.Count > 0
            ? null
            : DirectSockets.Find(context);

    private WebSocketAcceptContext AcceptContext(string? subProtocol, SocketTransportConnection? taken) =>
        new()
        {
            SubProtocol = subProtocol,

            // Who writes directly is pinged by the sweeper, without a timer of its own.
            KeepAliveInterval = taken is null ? _options.PingInterval : Timeout.InfiniteTimeSpan,
            KeepAliveTimeout = _options.PongTimeout,
            DangerousEnableCompression = _options.Compression,
            DisableServerContextTakeover = true,
        };

    private static Task AnswerAsync(HttpContext context, int status, string sentence) =>
        TypedResults.Problem(sentence, statusCode: status).ExecuteAsync(context);
}
