using System.Net.WebSockets;
using Microsoft.Extensions.Options;
using RealtimeSuite.Authentication;
using RealtimeSuite.Gateway.Connections;

namespace RealtimeSuite.Gateway.Accept;

/// <summary><c>/ws</c>: a user's own events (sources: seeds 001, 002, 004). Refusals are closes after the handshake, so that a browser can read why.</summary>
internal sealed partial class SocketEndpoint(
    SocketAuthenticator authenticator,
    ConnectionSession session,
    GatewayTelemetry telemetry,
    Replica replica,
    IOptions<GatewayOptions> options,
    ILogger<SocketEndpoint> logger
)
{
    private readonly GatewayOptions _options = options.Value;

    /// <summary>Maps the path.</summary>
    public static void Map(WebApplication app) =>
        app.MapGet("/ws", (HttpContext context, SocketEndpoint endpoint) => endpoint.AcceptAsync(context))
            .ExcludeFromDescription();

    private async Task AcceptAsync(HttpContext context)
    {
        if (!context.WebSockets.IsWebSocketRequest)
        {
            context.Response.Headers.Upgrade = "websocket";
            await TypedResults
                .Problem("This path takes WebSocket connections.", statusCode: StatusCodes.Status426UpgradeRequired)
                .ExecuteAsync(context);
            return;
        }

        var caller = await authenticator.AuthenticateAsync(context.Request);
        context.Response.Headers[Replica.Header] = replica.Id;
        using var socket = await context.WebSockets.AcceptWebSocketAsync(
            new WebSocketAcceptContext
            {
                KeepAliveInterval = _options.PingInterval,
                KeepAliveTimeout = _options.PongTimeout,
            }
        );
        if (caller is null)
        {
            await RefuseAsync(socket, DisconnectReason.Unauthenticated);
        }
        else if (IsForAnother(context.Request, caller))
        {
            await RefuseAsync(socket, DisconnectReason.Forbidden);
        }
        else
        {
            await session.RunAsync(socket, caller);
        }
    }

    private static bool IsForAnother(HttpRequest request, Caller caller) =>
        request.Query["user_id"].ToString() is { Length: > 0 } userId && userId != caller.UserId;

    private async Task RefuseAsync(WebSocket socket, DisconnectReason reason)
    {
        telemetry.Refused(reason);
        Log.Refused(logger, reason);
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

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "A connection was refused: {Reason}")]
        public static partial void Refused(ILogger logger, DisconnectReason reason);
    }
}
