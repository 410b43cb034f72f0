using System.Collections.Concurrent;
using RealtimeSuite.Gateway.Connections;

namespace RealtimeSuite.Gateway.Hub;

/// <summary>
/// Which connections of this replica get which channel. Publishing reads an immutable array and takes no lock; subscribing copies the
/// array of that one channel. Enqueueing never waits, so a stalled connection delays nobody.
/// </summary>
internal sealed class ChannelHub
{
    private readonly ConcurrentDictionary<string, Subscribers> _channels = new(StringComparer.Ordinal);

    /// <summary>Adds a connection to a channel.</summary>
    public void Add(string channel, Connection connection)
    {
        while (!_channels.GetOrAdd(channel, static _ => new Subscribers()).TryAdd(connection))
        {
            // The last subscriber left between the two calls; the next look-up makes a new list.
        }
    }

    /// <summary>Takes a connection off a channel.</summary>
    public void Remove(string channel, Connection connection)
    {
        if (_channels.TryGetValue(channel, out var subscribers) && subscribers.RemoveIsEmpty(connection))
        {
            _channels.TryRemove(KeyValuePair.Create(channel, subscribers));
        }
    }

    /// <summary>Queues the frame on every connection of the channel. Answers how many there were.</summary>
    public int Publish(string channel, Frame frame)
    {
        if (!_channels.TryGetValue(channel, out var subscribers))
        {
            return 0;
        }

        var connections = subscribers.Snapshot;
        foreach (var connection in connections)
        {
            connection.Enqueue(frame);
        }

        return connections.Length;
    }

    private sealed class Subscribers
    {
        private readonly Lock _changing = new();
        private Connection[] _connections = [];
        private bool _retired;

        public Connection[] Snapshot => Volatile.Read(ref _connections);

        public bool TryAdd(Connection connection)
        {
            lock (_changing)
            {
                if (!_retired)
                {
                    Volatile.Write(ref _connections, [.. _connections, connection]);
                }

                return !_retired;
            }
        }

        public bool RemoveIsEmpty(Connection connection)
        {
            lock (_changing)
            {
                Volatile.Write(ref _connections, [.. _connections.Where(other => other != connection)]);
                return _retired = _connections.Length == 0;
            }
        }
    }
}
