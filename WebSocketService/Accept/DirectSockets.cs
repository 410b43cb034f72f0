using System.Net.WebSockets;
using Microsoft.AspNetCore.Connections.Features;
using Microsoft.AspNetCore.Http.Features;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Transport;

namespace RealtimeSuite.Gateway.Accept;

/// <summary>Takes the TCP socket of a handshake from the web server, where that can be done: over HTTP/1.1, without TLS at this server.</summary>
internal sealed class DirectSockets(SendLoops loops, TimeProvider clock)
{
    /// <summary>The connection below the request, or null where it must stay the server's.</summary>
    public static SocketTransportConnection? Find(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true }
        && context.Features.Get<ITlsHandshakeFeature>() is null
            ? context.Features.Get<SocketTransportConnection>()
            : null;

    /// <summary>
    /// After the handshake: the socket, and a WebSocket on it in place of the one that belongs to the request. Whoever asks closes both.
    /// </summary>
    public async Task<(WebSocket WebSocket, DirectSocket Direct)> TakeAsync(SocketTransportConnection connection)
    {
        var early = await connection.DetachAsync();
        var direct = new DirectSocket(connection.Socket, connection.Readable, loops.Next(), clock);
        var options = new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = Timeout.InfiniteTimeSpan };
        return (WebSocket.CreateFromStream(new DirectStream(direct, early), options), direct);
    }
}
