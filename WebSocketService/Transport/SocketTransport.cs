using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.Options;

namespace RealtimeSuite.Gateway.Transport;

/// <summary>
/// Listens for the web server, as its own socket transport does, with connections that can be taken from it after a handshake
/// (<see cref="SocketTransportConnection.DetachAsync"/>). Addresses other than IP go to the server's own.
/// </summary>
internal sealed class SocketTransport(IOptions<SocketTransportOptions> options, ILoggerFactory loggers)
    : IConnectionListenerFactory,
        IConnectionListenerFactorySelector
{
    private readonly SocketTransportFactory _other = new(options, loggers);

    public bool CanBind(EndPoint endpoint) => endpoint is IPEndPoint || _other.CanBind(endpoint);

    public ValueTask<IConnectionListener> BindAsync(EndPoint endpoint, CancellationToken cancellationToken = default)
    {
        if (endpoint is not IPEndPoint)
        {
            return _other.BindAsync(endpoint, cancellationToken);
        }

        var socket = options.Value.CreateBoundListenSocket(endpoint);
        try
        {
            socket.Listen(options.Value.Backlog);
            return ValueTask.FromResult<IConnectionListener>(new Listener(socket));
        }
        catch (SocketException exception) when (exception.SocketErrorCode == SocketError.AddressAlreadyInUse)
        {
            socket.Dispose();
            throw new AddressInUseException(exception.Message, exception);
        }
    }

    private sealed class Listener(Socket socket) : IConnectionListener
    {
        public EndPoint EndPoint { get; } = socket.LocalEndPoint!;

        public async ValueTask<ConnectionContext?> AcceptAsync(CancellationToken cancellationToken = default)
        {
            while (true)
            {
                try
                {
                    var accepted = await socket.AcceptAsync(cancellationToken);
                    accepted.NoDelay = true;
                    var connection = new SocketTransportConnection(accepted);
                    connection.Start();
                    return connection;
                }
                catch (ObjectDisposedException)
                {
                    return null;
                }
                catch (SocketException exception) when (exception.SocketErrorCode == SocketError.OperationAborted)
                {
                    return null;
                }
                catch (SocketException)
                {
                    // The client was gone before it was accepted.
                }
            }
        }

        public ValueTask UnbindAsync(CancellationToken cancellationToken = default) => DisposeAsync();

        public ValueTask DisposeAsync()
        {
            socket.Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
