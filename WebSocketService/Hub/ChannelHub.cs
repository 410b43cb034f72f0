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

    /// <summary>Whether the channel has connections here.</summary>
    public bool Has(string channel) => _channels.ContainsKey(channel);

    /// <summary>Queues the frame on every connection of the channel that wants one of the topics; a backlog's only where the connection resumes the channel.</summary>
    public FanOut Publish(string channel, Frame frame, Topics topics, bool isBacklog = false)
    {
        var result = default(FanOut);
        if (!_channels.TryGetValue(channel, out var subscribers))
        {
            return result;
        }

        foreach (var connection in subscribers.Snapshot)
        {
            if ((connection.Topics & topics) != Topics.None)
            {
                result.Count(connection.Deliver(frame, isBacklog));
            }
        }

        return result;
    }

    /// <summary>Queues something that the server says on every connection of the channel.</summary>
    public void Tell(string channel, Frame frame)
    {
        if (_channels.TryGetValue(channel, out var subscribers))
        {
            foreach (var connection in subscribers.Snapshot)
            {
                connection.Enqueue(frame);
            }
        }
    }

    /// <summary>The channels with connections here, and how many each has.</summary>
    public IEnumerable<KeyValuePair<string, int>> Channels =>
        _channels.Select(channel => KeyValuePair.Create(channel.Key, channel.Value.Snapshot.Length));

    /// <summary>
    /// The connections of one channel. A reader takes the array and the count of one moment; adding writes behind that count, removing
    /// makes a new array, so what a reader holds never changes under it.
    /// </summary>
    private sealed class Subscribers
    {
        private readonly Lock _changing = new();
        private View _view = new([], 0);
        private bool _retired;

        public ReadOnlySpan<Connection> Snapshot => Volatile.Read(ref _view).Connections;

        public bool TryAdd(Connection connection)
        {
            lock (_changing)
            {
                if (_retired)
                {
                    return false;
                }

                var (array, count) = (_view.Array, _view.Count);
                if (count == array.Length)
                {
                    Array.Resize(ref array, Math.Max(1, count * 2));
                }

                array[count] = connection;
                Volatile.Write(ref _view, new View(array, count + 1));
                return true;
            }
        }

        public bool RemoveIsEmpty(Connection connection)
        {
            lock (_changing)
            {
                var kept = _view.Connections.ToArray();
                var at = Array.IndexOf(kept, connection);
                if (at >= 0)
                {
                    kept.AsSpan(at + 1).CopyTo(kept.AsSpan(at));
                    Array.Resize(ref kept, kept.Length - 1);
                }

                Volatile.Write(ref _view, new View(kept, kept.Length));
                return _retired = kept.Length == 0;
            }
        }

        private sealed class View(Connection[] array, int count)
        {
            public Connection[] Array { get; } = array;

            public int Count { get; } = count;

            public ReadOnlySpan<Connection> Connections => Array.AsSpan(0, Count);
        }
    }
}

/// <summary>What became of one event on this replica.</summary>
internal struct FanOut
{
    /// <summary>Connections on whose queues it waits.</summary>
    public int Queued { get; private set; }

    /// <summary>Connections where it replaced an older event of the same key.</summary>
    public int Conflated { get; private set; }

    /// <summary>Connections where older events were dropped for it.</summary>
    public int DroppedOldest { get; private set; }

    /// <summary>Connections that were closed because it found no room.</summary>
    public int Refused { get; private set; }

    /// <summary>Connections that get it, or got it, from the history instead.</summary>
    public int Recovered { get; private set; }

    /// <summary>Connections that were closing already.</summary>
    public int Ended { get; private set; }

    /// <summary>Connections it was meant for.</summary>
    public readonly int Offered => Queued + Refused + Recovered + Ended;

    /// <summary>Counts one connection.</summary>
    public void Count(EnqueueResult result)
    {
        switch (result)
        {
            case EnqueueResult.Added:
                Queued++;
                break;
            case EnqueueResult.Conflated:
                Queued++;
                Conflated++;
                break;
            case EnqueueResult.DroppedOldest:
                Queued++;
                DroppedOldest++;
                break;
            case EnqueueResult.Full:
                Refused++;
                break;
            case EnqueueResult.Ended:
                Ended++;
                break;
            case EnqueueResult.Recovered:
                Recovered++;
                break;
        }
    }
}
