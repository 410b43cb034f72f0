using System.Diagnostics;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Faults.Traffic;

/// <summary>The clients of one scenario: two for each user, so that both replicas have most of the users.</summary>
internal sealed class Crowd(IReadOnlyList<string> users, IReadOnlyList<Listener> listeners) : IAsyncDisposable
{
    /// <summary>Clients of one user.</summary>
    public const int PerUser = 2;

    // Connections that are made at the same time; a thousand handshakes at once are a scenario of their own.
    private const int Side = 50;
    private static readonly TimeSpan ConnectPatience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    /// <summary>Whose events come.</summary>
    public IReadOnlyList<string> Users => users;

    /// <summary>The clients.</summary>
    public IReadOnlyList<Listener> Listeners => listeners;

    /// <summary>How many events came without a number.</summary>
    public long Unnumbered => listeners.Sum(listener => listener.Book.Unnumbered);

    /// <summary>How many connections there were after each client's first.</summary>
    public int Returns => listeners.Sum(listener => listener.Returns);

    /// <summary>How many different events came, one for each client that got it.</summary>
    public long Delivered => listeners.Sum(listener => (long)listener.Book.Different);

    /// <summary>Connects so many clients and waits until each is greeted.</summary>
    /// <param name="count">How many.</param>
    /// <param name="habits">How they behave.</param>
    /// <param name="address">Where one connects, by its user.</param>
    public static async Task<Crowd> GatherAsync(int count, Habits habits, Func<string, Func<Uri>> address)
    {
        var run = Guid.NewGuid().ToString("N")[..8];
        string[] users = [.. Enumerable.Range(0, Math.Max(1, count / PerUser)).Select(n => $"fan-{run}-{n}")];
        var listeners = new List<Listener>(count);
        for (var from = 0; from < count; from += Side)
        {
            var some = Enumerable
                .Range(from, Math.Min(Side, count - from))
                .Select(n => users[n % users.Length])
                .Select(user => new Listener(address(user), user, habits))
                .ToArray();
            listeners.AddRange(some);
            await Task.WhenAll(some.Select(listener => listener.Greeted)).WaitAsync(ConnectPatience);
        }

        return new Crowd(users, listeners);
    }

    /// <summary>
    /// Waits until everyone has everything, or nothing has come for as long as the patience lasts, and compares. Where events may be lost
    /// it is enough that everyone has the last one, behind which none of those before it comes.
    /// </summary>
    public async Task<Verdict> SettleAsync(Publisher publisher, TimeSpan patience, bool mayLose)
    {
        await publisher.StopAsync();
        var accepted = users.ToDictionary(user => user, publisher.AcceptedOf, StringComparer.Ordinal);
        var wanted = listeners.Sum(listener => (long)accepted[listener.User]);
        var (delivered, since) = (Delivered, Stopwatch.GetTimestamp());
        while (delivered < wanted && !(mayLose && HasLast()) && Stopwatch.GetElapsedTime(since) < patience)
        {
            await Task.Delay(Pause);
            (delivered, since) =
                Delivered is var now && now > delivered ? (now, Stopwatch.GetTimestamp()) : (delivered, since);
        }

        return listeners
            .Select(listener => listener.Book.Compare(accepted[listener.User]))
            .Aggregate((sum, one) => sum + one);

        bool HasLast() => listeners.All(listener => listener.Book.Last >= accepted[listener.User]);
    }

    /// <summary>Waits until each client has got an event without a number.</summary>
    public Task GetUnnumberedAsync() =>
        Eventually.TrueAsync(
            () => listeners.All(listener => listener.Book.Unnumbered > 0),
            "everyone gets events straight from Kafka",
            ConnectPatience
        );

    /// <summary>Waits until every client is connected again after <paramref name="since"/>. Answers the longest time that one took.</summary>
    public Task<TimeSpan> BackAsync(long since) => BackAsync(listeners, since);

    /// <summary>Does that to some clients and waits until each of them is connected again.</summary>
    public static Task<TimeSpan> BackAsync(IReadOnlyList<Listener> those, Action<Listener> change)
    {
        var since = Stopwatch.GetTimestamp();
        foreach (var listener in those)
        {
            change(listener);
        }

        return BackAsync(those, since);
    }

    public async ValueTask DisposeAsync() =>
        await Task.WhenAll(listeners.Select(listener => listener.DisposeAsync().AsTask()));

    private static async Task<TimeSpan> BackAsync(IReadOnlyList<Listener> those, long since)
    {
        await Eventually.TrueAsync(
            () => those.All(listener => listener.BackAt > since),
            "everyone is back",
            ConnectPatience,
            () => $"{those.Count(listener => listener.BackAt <= since)} of {those.Count} are not."
        );
        return Stopwatch.GetElapsedTime(since, those.Max(listener => listener.BackAt));
    }
}
