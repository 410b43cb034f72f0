using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using RealtimeSuite.Gateway.Connections;

namespace RealtimeSuite.Gateway.Limits;

/// <summary>The leases that this replica holds, and how many of them each user and each address has. From any thread.</summary>
internal sealed class LocalCounts
{
    private readonly ConcurrentDictionary<string, ConnectionLease> _leases = new(StringComparer.Ordinal);
    private readonly Lock _counting = new();
    private readonly Dictionary<string, int> _users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _addresses = new(StringComparer.Ordinal);

    /// <summary>A view of all leases, in no order; they may come and go meanwhile.</summary>
    public IEnumerable<ConnectionLease> All => _leases.Select(entry => entry.Value);

    /// <summary>Whether the lease is held still.</summary>
    public bool Holds(ConnectionLease lease) => _leases.ContainsKey(lease.ClientId);

    /// <summary>Holds a lease that was admitted elsewhere.</summary>
    public void Add(ConnectionLease lease)
    {
        lock (_counting)
        {
            AddCounted(lease);
        }
    }

    /// <summary>Holds a lease if the counts of this replica allow it; otherwise says which does not.</summary>
    public bool TryAdd(ConnectionLease lease, LimitOptions limits, [NotNullWhen(false)] out DisconnectReason? refusal)
    {
        lock (_counting)
        {
            refusal =
                _users.GetValueOrDefault(lease.UserId) >= limits.MaxConnectionsPerUser ? DisconnectReason.TooManyForUser
                : _addresses.GetValueOrDefault(lease.Address) >= limits.MaxConnectionsPerAddress
                    ? DisconnectReason.TooManyForAddress
                : null;
            if (refusal is null)
            {
                AddCounted(lease);
            }

            return refusal is null;
        }
    }

    /// <summary>Gives a lease up; false when it is not held.</summary>
    public bool Remove(ConnectionLease lease)
    {
        lock (_counting)
        {
            if (!_leases.TryRemove(lease.ClientId, out _))
            {
                return false;
            }

            Decrement(_users, lease.UserId);
            Decrement(_addresses, lease.Address);
            return true;
        }
    }

    private void AddCounted(ConnectionLease lease)
    {
        _leases[lease.ClientId] = lease;
        CollectionsMarshal.GetValueRefOrAddDefault(_users, lease.UserId, out _)++;
        CollectionsMarshal.GetValueRefOrAddDefault(_addresses, lease.Address, out _)++;
    }

    private static void Decrement(Dictionary<string, int> counts, string key)
    {
        if (--CollectionsMarshal.GetValueRefOrAddDefault(counts, key, out _) <= 0)
        {
            counts.Remove(key);
        }
    }
}
