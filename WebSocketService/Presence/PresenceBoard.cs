using System.Collections.Concurrent;
using RealtimeSuite.Concurrency;

namespace RealtimeSuite.Gateway.Presence;

/// <summary>How many connections each user has on this replica. Changes wake <see cref="PresencePublisher"/>.</summary>
internal sealed class PresenceBoard : IDisposable
{
    private readonly ConcurrentDictionary<string, int> _counts = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, byte> _changed = new(StringComparer.Ordinal);
    private readonly WakeSignal _wake = new();

    /// <summary>A connection of the user opened.</summary>
    public void Joined(string userId) => Change(userId, 1);

    /// <summary>A connection of the user ended.</summary>
    public void Left(string userId) => Change(userId, -1);

    /// <summary>How many users have connections here.</summary>
    public int Users => _counts.Count;

    /// <summary>A view of them, and how many connections each has; both may change meanwhile.</summary>
    public IEnumerable<KeyValuePair<string, int>> Counts => _counts.Where(user => user.Value > 0);

    /// <summary>Waits for a change, at most <paramref name="wait"/>.</summary>
    public Task WaitAsync(TimeSpan wait, CancellationToken cancellationToken) =>
        _wake.WaitAsync(wait, cancellationToken);

    /// <summary>The users whose count changed since the last call, with their count now.</summary>
    public List<KeyValuePair<string, int>> TakeChanges()
    {
        var changes = new List<KeyValuePair<string, int>>();
        foreach (var userId in _changed.Keys)
        {
            _changed.TryRemove(userId, out _);
            changes.Add(KeyValuePair.Create(userId, _counts.GetValueOrDefault(userId)));
        }

        return changes;
    }

    public void Dispose() => _wake.Dispose();

    private void Change(string userId, int by)
    {
        if (_counts.AddOrUpdate(userId, by, (_, count) => count + by) == 0)
        {
            _counts.TryRemove(KeyValuePair.Create(userId, 0));
        }

        _changed.TryAdd(userId, 0);
        _wake.Set();
    }
}
