using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Faults.Injection;

/// <summary>A TCP relay before a server, which can be cut, or go silent: then connections stay open and every byte on them vanishes.</summary>
internal sealed class Relay : IAsyncDisposable
{
    private const int BufferBytes = 64 * 1024;

    private readonly int _target;
    private readonly ConcurrentDictionary<Socket, byte> _sockets = new();
    private TcpListener? _listener;
    private volatile bool _isSilent;

    /// <param name="target">The server's port on this machine.</param>
    /// <param name="port">Where to listen; by default where there is room.</param>
    public Relay(int target, int? port = null)
    {
        _target = target;
        Port = port ?? FreePorts.Next();
        Mend();
    }

    /// <summary>Where it listens on this machine; the same after a cut.</summary>
    public int Port { get; }

    /// <summary>Ends every connection and refuses new ones.</summary>
    public void Cut()
    {
        _listener?.Dispose();
        _listener = null;
        EndConnections();
    }

    /// <summary>Swallows every byte from now on, also those of new connections.</summary>
    public void Silence() => _isSilent = true;

    /// <summary>Passes on again. Connections that lost bytes end.</summary>
    public void Mend()
    {
        if (_isSilent)
        {
            EndConnections();
            _isSilent = false;
        }

        if (_listener is null)
        {
            _listener = new TcpListener(IPAddress.Loopback, Port);
            _listener.Start();
            _ = AcceptAsync(_listener);
        }
    }

    public ValueTask DisposeAsync()
    {
        Cut();
        return ValueTask.CompletedTask;
    }

    private async Task AcceptAsync(TcpListener listener)
    {
        try
        {
            while (true)
            {
                _ = RelayAsync(await listener.AcceptSocketAsync());
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private async Task RelayAsync(Socket client)
    {
        using var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        using (client)
        {
            _sockets[client] = 0;
            _sockets[server] = 0;
            try
            {
                client.NoDelay = server.NoDelay = true;
                await server.ConnectAsync(IPAddress.Loopback, _target);
                await Task.WhenAny(PumpAsync(client, server), PumpAsync(server, client));
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // The server is away: so is its relay.
            }
            finally
            {
                _sockets.TryRemove(client, out _);
                _sockets.TryRemove(server, out _);
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to)
    {
        var buffer = new byte[BufferBytes];
        try
        {
            while (await from.ReceiveAsync(buffer) is var count and > 0)
            {
                for (var sent = 0; sent < count && !_isSilent; )
                {
                    sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Either side went away.
        }
    }

    private void EndConnections()
    {
        foreach (var socket in _sockets.Keys)
        {
            socket.Dispose();
        }
    }
}
