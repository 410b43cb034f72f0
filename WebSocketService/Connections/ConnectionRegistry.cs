using System.Collections.Concurrent;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>All open connections of this replica.</summary>
internal sealed class ConnectionRegistry
{
    private readonly ConcurrentDictionary<string, Connection> _connections = new(StringComparer.Ordinal);

    /// <summary>How many there are.</summary>
    public int Count => _connections.Count;

    /// <summary>A view of them; connections may come and go meanwhile.</summary>
    public IEnumerable<Connection> All => _connections.Select(entry => entry.Value);

    /// <summary>Adds a connection.</summary>
    public void Add(Connection connection) => _connections.TryAdd(connection.ClientId, connection);

    /// <summary>Removes a connection.</summary>
    public void Remove(Connection connection) => _connections.TryRemove(connection.ClientId, out _);

    /// <summary>Closes those that match. Answers how many.</summary>
    public int CloseWhere(Func<Connection, bool> matches, DisconnectReason reason)
    {
        var closed = 0;
        foreach (var connection in All.Where(matches))
        {
            connection.Close(reason);
            closed++;
        }

        return closed;
    }
}
