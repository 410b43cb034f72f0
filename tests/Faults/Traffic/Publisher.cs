using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Faults.Traffic;

/// <summary>
/// A backend that publishes by <c>POST /api/events</c>: user after user, each user's events numbered from 1. One batch is on its way at a
/// time and is sent again, with the same ids, until it is accepted; so the order of a user's events in Kafka is that of their numbers.
/// </summary>
/// <param name="api">The Api, with a token of the role <c>service</c>.</param>
/// <param name="users">Whom the events are for.</param>
/// <param name="insists">Whether it sends again what was not accepted; if not, it goes on as if it had been.</param>
internal sealed class Publisher(HttpClient api, IReadOnlyList<string> users, bool insists = true) : IAsyncDisposable
{
    private const string Batch = "application/cloudevents-batch+json";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan Tick = TimeSpan.FromMilliseconds(50);

    private readonly int[] _published = new int[users.Count];
    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;
    private int _next;
    private long _total;
    private long _refused;

    /// <summary>How many events were accepted so far.</summary>
    public long Total => Interlocked.Read(ref _total);

    /// <summary>How many calls were not accepted.</summary>
    public long Refused => Interlocked.Read(ref _refused);

    /// <summary>The longest time from the first attempt of a batch to its acceptance.</summary>
    public TimeSpan Longest { get; private set; }

    /// <summary>Which of its user's events one is.</summary>
    public static int NumberOf(string id) =>
        int.Parse(id.AsSpan(id.LastIndexOf('-') + 1), CultureInfo.InvariantCulture);

    /// <summary>How many of a user's events were accepted. Stable after <see cref="StopAsync"/> only.</summary>
    public int AcceptedOf(string user)
    {
        for (var i = 0; i < users.Count; i++)
        {
            if (users[i] == user)
            {
                return Volatile.Read(ref _published[i]);
            }
        }

        throw new ArgumentException("No such user.", nameof(user));
    }

    /// <summary>Publishes so many events a second until <see cref="StopAsync"/>.</summary>
    public void Start(int eventsPerSecond) => _running = Task.Run(() => RunAsync(eventsPerSecond));

    /// <summary>Ends the traffic; the batch at hand is accepted first.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _running;
    }

    /// <summary>Waits until more is accepted than now.</summary>
    public Task AcceptMoreAsync()
    {
        var before = Total;
        return Eventually.TrueAsync(() => Total > before, "events are accepted again", Patience);
    }

    /// <summary>Waits until each of the clients has got all that was accepted, besides no other traffic.</summary>
    public Task ReachAsync(IEnumerable<Listener> listeners) =>
        Eventually.TrueAsync(
            () => listeners.All(listener => listener.Book.Different == AcceptedOf(listener.User)),
            "the witnesses have everything",
            Patience
        );

    /// <summary>Publishes so many events to each user at once, besides no other traffic.</summary>
    public async Task BurstAsync(int eventsPerUser, int batch = 50)
    {
        for (var user = 0; user < users.Count; user++)
        {
            for (var sent = 0; sent < eventsPerUser; sent += batch)
            {
                await PublishAsync([.. Enumerable.Repeat(user, Math.Min(batch, eventsPerUser - sent))]);
            }
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stopping.Dispose();
        api.Dispose();
    }

    private async Task RunAsync(int eventsPerSecond)
    {
        var started = Stopwatch.GetTimestamp();
        long taken = 0;
        while (!_stopping.IsCancellationRequested)
        {
            var due = (long)(Stopwatch.GetElapsedTime(started).TotalSeconds * eventsPerSecond) - taken;

            // Nobody twice in a batch: its events are written side by side.
            var count = (int)Math.Min(due, users.Count);
            if (count > 0)
            {
                await PublishAsync([.. Enumerable.Range(_next, count).Select(index => index % users.Count)]);
                _next = (_next + count) % users.Count;
                taken += count;
            }

            if (due <= users.Count)
            {
                await Task.Delay(Tick, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task PublishAsync(int[] to)
    {
        var numbers = (int[])_published.Clone();
        var body = string.Join(',', to.Select(user => Event(users[user], ++numbers[user])));
        var started = Stopwatch.GetTimestamp();
        while (!await IsAcceptedAsync($"[{body}]") && insists)
        {
            Interlocked.Increment(ref _refused);
            await Task.Delay(Pause);
        }

        var took = Stopwatch.GetElapsedTime(started);
        Longest = took > Longest ? took : Longest;
        foreach (var user in to)
        {
            Volatile.Write(ref _published[user], numbers[user]);
        }

        Interlocked.Add(ref _total, to.Length);
    }

    private async Task<bool> IsAcceptedAsync(string batch)
    {
        try
        {
            using var content = new StringContent(batch, Encoding.UTF8);
            content.Headers.ContentType = new MediaTypeHeaderValue(Batch);
            using var answer = await api.PostAsync(new Uri("/api/events", UriKind.Relative), content);
            return answer.StatusCode switch
            {
                HttpStatusCode.Accepted => true,
                HttpStatusCode.ServiceUnavailable or HttpStatusCode.TooManyRequests => false,
                _ => throw new InvalidOperationException(
                    $"The Api answered {answer.StatusCode}: {await answer.Content.ReadAsStringAsync()}"
                ),
            };
        }
        catch (Exception exception) when (exception is HttpRequestException or TaskCanceledException)
        {
            return false;
        }
    }

    private static string Event(string user, int n) =>
        string.Create(
            CultureInfo.InvariantCulture,
            $$$"""{"specversion":"1.0","id":"{{{user}}}-{{{n}}}","source":"/faults","type":"fault.tick","audience":"user:{{{user}}}","data":{"n":{{{n}}}}}"""
        );
}
