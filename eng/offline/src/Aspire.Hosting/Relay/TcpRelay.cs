using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net;
using System.Net.Sockets;

namespace Aspire.Hosting.Relay;

/// <summary>
/// Listens where an endpoint is public and passes each connection to one of the instances: in turn, leaving out those
/// that do not accept. The listening sockets are held for the whole run, so nobody else can take the port. Knows bytes
/// only; HTTP/2 and WebSockets pass as they are.
/// </summary>
internal sealed class TcpRelay : IAsyncDisposable
{
    private const int Backlog = 1024;
    private readonly ImmutableArray<Socket> _listeners;
    private readonly ConcurrentDictionary<RelayConnection, Task> _connections = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;
    private ImmutableArray<int> _targets = [];
    private uint _next;

    private TcpRelay(ImmutableArray<Socket> listeners)
    {
        _listeners = listeners;
        Port = ((IPEndPoint)listeners[0].LocalEndPoint!).Port;
        _accepting = Task.WhenAll(listeners.Select(AcceptAsync));
    }

    public int Port { get; }

    /// <summary>Listens on the loopback addresses, or where <paramref name="host"/> says. Port 0 takes a free one.</summary>
    /// <exception cref="SocketException">The port is taken.</exception>
    public static TcpRelay Listen(string host, int port)
    {
        for (var attempt = 1; ; attempt++)
        {
            var first = Bind(AddressOf(host), port);
            if (host != "localhost" || !Socket.OSSupportsIPv6)
            {
                return new([first]);
            }

            try
            {
                // "localhost" may mean either address, so both must be ours.
                return new([first, Bind(IPAddress.IPv6Loopback, ((IPEndPoint)first.LocalEndPoint!).Port)]);
            }
            catch (SocketException exception)
            {
                if (exception.SocketErrorCode != SocketError.AddressAlreadyInUse)
                {
                    return new([first]); // no IPv6 loopback on this machine
                }

                first.Dispose();
                if (port != 0 || attempt == 10)
                {
                    throw;
                }
            }
        }
    }

    public void Add(int targetPort) =>
        ImmutableInterlocked.Update(ref _targets, (t, port) => t.Contains(port) ? t : t.Add(port), targetPort);

    public void Remove(int targetPort) =>
        ImmutableInterlocked.Update(ref _targets, (t, port) => t.Remove(port), targetPort);

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        foreach (var listener in _listeners)
        {
            listener.Dispose();
        }

        await _accepting.ConfigureAwait(false);
        foreach (var connection in _connections.Keys)
        {
            connection.Abort();
        }

        await Task.WhenAll(_connections.Values).ConfigureAwait(false);
    }

    private static IPAddress AddressOf(string host) =>
        host switch
        {
            "*" or "+" or "0.0.0.0" => IPAddress.Any,
            "::" or "[::]" => IPAddress.IPv6Any,
            _ => IPAddress.TryParse(host, out var address) ? address : IPAddress.Loopback,
        };

    private static Socket Bind(IPAddress address, int port)
    {
        var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            socket.Listen(Backlog);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    private async Task AcceptAsync(Socket listener)
    {
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                var client = await listener.AcceptAsync(_stopping.Token).ConfigureAwait(false);
                var connection = new RelayConnection(client);
                _connections[connection] = HandleAsync(connection);
                if (connection.IsOver)
                {
                    _connections.TryRemove(connection, out _);
                }
            }
            catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
            {
                return;
            }
            catch (SocketException)
            {
                // A client that went away before it was accepted, or no descriptor left: neither ends the relay.
                await Task.Delay(10).ConfigureAwait(false);
            }
        }
    }

    private async Task HandleAsync(RelayConnection connection)
    {
        await Task.Yield();
        if (await ConnectAsync().ConfigureAwait(false) is { } target)
        {
            await connection.RunAsync(target).ConfigureAwait(false);
        }

        connection.Abort();
        _connections.TryRemove(connection, out _);
    }

    private async Task<Socket?> ConnectAsync()
    {
        var targets = _targets;
        var start = Interlocked.Increment(ref _next);
        for (var i = 0; i < targets.Length; i++)
        {
            if (
                await LoopbackConnection
                    .TryOpenAsync(targets[(int)((start + i) % targets.Length)], _stopping.Token)
                    .ConfigureAwait(false) is
                { } socket
            )
            {
                return socket;
            }
        }

        return null;
    }
}
