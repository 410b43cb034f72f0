using System.Collections.Concurrent;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>All open connections of this replica; when the host stops they are told to come back.</summary>
internal sealed class ConnectionRegistry
{
    private readonly ConcurrentDictionary<Connection, byte> _connections = new();

    public ConnectionRegistry(IHostApplicationLifetime lifetime) => lifetime.ApplicationStopping.Register(CloseAll);

    /// <summary>Adds a connection.</summary>
    public void Add(Connection connection) => _connections.TryAdd(connection, 0);

    /// <summary>Removes a connection.</summary>
    public void Remove(Connection connection) => _connections.TryRemove(connection, out _);

    private void CloseAll()
    {
        foreach (var connection in _connections.Keys)
        {
            connection.Close(DisconnectReason.Restarting);
        }
    }
}
