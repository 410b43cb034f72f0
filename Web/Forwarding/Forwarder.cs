using RealtimeSuite.Web.SignIn;
using Yarp.ReverseProxy.Forwarder;

namespace RealtimeSuite.Web.Forwarding;

/// <summary>
/// Sends a request on to a service. One that brings credentials of its own keeps them. Any other gets the session's token, if there is a
/// session, but only when it proves to come from a page of ours: always for a socket and a write.
/// </summary>
internal sealed partial class Forwarder(
    IHttpForwarder forwarder,
    HttpMessageInvoker client,
    ServiceAddresses addresses,
    TimeProvider clock,
    ILogger<Forwarder> logger
)
{
    private static readonly ForwarderRequestConfig Config = new() { ActivityTimeout = TimeSpan.FromMinutes(2) };

    /// <summary>Forwards it, or answers why not.</summary>
    public async Task ForwardAsync(HttpContext context, string service)
    {
        var request = context.Request;
        var isSocket = IsSocket(request);
        if (isSocket && SameOrigin.IsRefutedBy(request))
        {
            await RefuseAsync(context, "Pages of another origin may not connect here.");
            return;
        }

        var token = HasOwnCredentials(request) ? null : TokenOf(context);
        if (token is not null && (isSocket || !IsRead(request)) && !SameOrigin.IsProvedBy(request))
        {
            await RefuseAsync(context, "The session counts only for pages of this origin.");
            return;
        }

        var address = addresses.Of(service);
        var error = await forwarder.SendAsync(
            context,
            address,
            client,
            Config,
            new SessionTransformer(token, isSocket)
        );
        await ReportAsync(context, service, error);
    }

    private string? TokenOf(HttpContext context) =>
        context.User.EndsAt() > clock.GetUtcNow() ? context.User.AccessToken() : null;

    private static bool HasOwnCredentials(HttpRequest request) =>
        request.Headers.Authorization.Count > 0
        || request.Headers.SecWebSocketProtocol.Count > 0
        || request.Query.ContainsKey("token")
        || request.Query.ContainsKey("ticket");

    private static bool IsRead(HttpRequest request) =>
        HttpMethods.IsGet(request.Method) || HttpMethods.IsHead(request.Method);

    /// <summary>An upgrade, or, over HTTP/2, an extended CONNECT (source: RFC 8441).</summary>
    private static bool IsSocket(HttpRequest request) =>
        HttpMethods.IsConnect(request.Method)
        || string.Equals(request.Headers.Upgrade.ToString(), "websocket", StringComparison.OrdinalIgnoreCase);

    private async Task ReportAsync(HttpContext context, string service, ForwarderError error)
    {
        if (error is ForwarderError.None || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        if (context.Response.HasStarted)
        {
            // A socket or an answer broke off on the way: the browser sees that, and the service tells why.
            Log.BrokenOff(logger, service, error);
            return;
        }

        Log.Away(logger, service, error);
        await TypedResults
            .Problem(
                $"The service '{service}' does not answer. Try again in a moment.",
                statusCode: context.Response.StatusCode
            )
            .ExecuteAsync(context);
    }

    private static Task RefuseAsync(HttpContext context, string sentence) =>
        TypedResults.Problem(sentence, statusCode: StatusCodes.Status403Forbidden).ExecuteAsync(context);

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "A call could not be forwarded to {Service}: {Error}")]
        public static partial void Away(ILogger logger, string service, ForwarderError error);

        [LoggerMessage(LogLevel.Debug, "A call forwarded to {Service} broke off: {Error}")]
        public static partial void BrokenOff(ILogger logger, string service, ForwarderError error);
    }
}
