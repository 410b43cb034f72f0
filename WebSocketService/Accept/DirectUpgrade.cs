using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using RealtimeSuite.Gateway.Connections;

namespace RealtimeSuite.Gateway.Accept;

/// <summary>
/// Finds the TCP socket below a handshake, where frames can be written to it as they are: over HTTP/1.1, without TLS at this server. Elsewhere
/// the server's own output is used.
/// </summary>
internal static class DirectUpgrade
{
    /// <summary>
    /// Makes the server's flush wait until the operating system has taken all bytes, so that nothing of it is under way when a
    /// <see cref="DirectSocket"/> takes over.
    /// </summary>
    public static void UseDirectSockets(this IWebHostBuilder host) =>
        host.UseSockets(sockets => sockets.MaxWriteBufferSize = 1);

    /// <summary>Stands before <c>UseWebSockets</c>.</summary>
    public static void UseDirectUpgrade(this WebApplication app)
    {
        var loops = app.Services.GetRequiredService<SendLoops>();
        var clock = app.Services.GetRequiredService<TimeProvider>();
        app.Use(
            (context, next) =>
            {
                var features = context.Features;
                if (
                    features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade
                    && features.Get<IConnectionSocketFeature>() is { } connection
                    && features.Get<ITlsHandshakeFeature>() is null
                )
                {
                    var direct = new DirectSocket(connection.Socket, loops.Next(), clock.GetTimestamp());
                    features.Set(direct);
                    features.Set<IHttpUpgradeFeature>(new Upgrade(upgrade, direct, clock));
                }

                return next(context);
            }
        );
    }

    private sealed class Upgrade(IHttpUpgradeFeature inner, DirectSocket direct, TimeProvider clock)
        : IHttpUpgradeFeature
    {
        public bool IsUpgradableRequest => inner.IsUpgradableRequest;

        public async Task<Stream> UpgradeAsync() => new DirectStream(await inner.UpgradeAsync(), direct, clock);
    }
}
