using System.Diagnostics;
using System.Net;
using Yarp.ReverseProxy.Forwarder;

namespace RealtimeSuite.Web.Forwarding;

/// <summary>
/// Sockets and REST calls of pages go through Web, so that a page needs neither CORS nor a token: the session's is added on the way.
/// </summary>
internal static class ForwardingSetup
{
    private const string Sockets = "/ws/{**rest}";
    private const string OrderAndProductSockets = "/api/v1/ws/{**rest}";
    private const string Notifications = "/api/notifications/{**rest}";
    private const string Api = "/api/{**rest}";
    private const string Login = "/auth/login";

    private static readonly TimeSpan ConnectTimeout = TimeSpan.FromSeconds(5);

    /// <summary>Whether the path belongs to another service.</summary>
    public static bool IsForwarded(PathString path) =>
        path.StartsWithSegments("/ws", StringComparison.Ordinal)
        || path.StartsWithSegments("/api", StringComparison.Ordinal)
        || path == Login;

    /// <summary>Registers the way to the services.</summary>
    public static void AddForwarding(this IHostApplicationBuilder builder)
    {
        builder.Services.AddHttpForwarder();
        builder.Services.AddSingleton<ServiceAddresses>();
        builder.Services.AddSingleton<Forwarder>();
        builder.Services.AddSingleton(
            new HttpMessageInvoker(
                new SocketsHttpHandler
                {
                    UseProxy = false,
                    UseCookies = false,
                    AllowAutoRedirect = false,
                    AutomaticDecompression = DecompressionMethods.None,
                    EnableMultipleHttp2Connections = true,
                    ActivityHeadersPropagator = new ReverseProxyPropagator(DistributedContextPropagator.Current),
                    ConnectTimeout = ConnectTimeout,
                }
            )
        );
    }

    /// <summary>Maps what is forwarded; the more exact path wins.</summary>
    public static void MapForwarding(this WebApplication app)
    {
        app.MapForwarded(Sockets, "gateway");
        app.MapForwarded(OrderAndProductSockets, "gateway");
        app.MapForwarded(Notifications, "notifications");
        app.MapForwarded(Api, "api");
        app.MapForwarded(Login, "api");
    }

    private static void MapForwarded(this WebApplication app, string path, string service) =>
        app.Map(path, (HttpContext context, Forwarder forwarder) => forwarder.ForwardAsync(context, service))
            .DisableAntiforgery()
            .ExcludeFromDescription();
}
