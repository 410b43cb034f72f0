namespace RealtimeSuite.Gateway.Connections;

/// <summary>
/// All open connections of this replica, each at a place of its own in one array: whoever looks at all of them, again and again, reads memory
/// in its order and takes no lock. Adding and removing take one for a few instructions.
/// </summary>
internal sealed class ConnectionRegistry
{
    private const int FirstCapacity = 64;

    private readonly Lock _changing = new();
    private readonly Stack<int> _free = new();
    private Connection?[] _places = new Connection?[FirstCapacity];
    private int _used;
    private int _count;

    /// <summary>How many there are.</summary>
    public int Count => Volatile.Read(ref _count);

    /// <summary>Their places, empty ones among them; connections may come and go meanwhile.</summary>
    public ReadOnlySpan<Connection?> Places => Volatile.Read(ref _places);

    /// <summary>A view of them; connections may come and go meanwhile.</summary>
    public IEnumerable<Connection> All => Volatile.Read(ref _places).OfType<Connection>();

    /// <summary>Adds a connection.</summary>
    public void Add(Connection connection)
    {
        lock (_changing)
        {
            if (!_free.TryPop(out var place))
            {
                place = _used++;
            }

            if (place == _places.Length)
            {
                // Whoever reads the old array meanwhile goes on with it.
                var larger = new Connection?[place * 2];
                _places.CopyTo(larger, 0);
                Volatile.Write(ref _places, larger);
            }

            connection.Place = place;
            Volatile.Write(ref _places[place], connection);
            _count++;
        }
    }

    /// <summary>Removes a connection. Removing one that is not there changes nothing.</summary>
    public void Remove(Connection connection)
    {
        lock (_changing)
        {
            if (ReferenceEquals(_places[connection.Place], connection))
            {
                _places[connection.Place] = null;
                _free.Push(connection.Place);
                _count--;
            }
        }
    }

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
