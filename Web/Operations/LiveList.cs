namespace RealtimeSuite.Web.Operations;

/// <summary>
/// A list of the gateway that a page shows and reads anew every few seconds, on the server. When the gateway does not answer it keeps what
/// it has, says so, and tries on.
/// </summary>
internal sealed class LiveList<T>(Func<ListQuery, CancellationToken, Task<ListPage<T>>> read, TimeProvider clock)
    : IDisposable
{
    private const int PageSize = 50;
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(2);

    private readonly CancellationTokenSource _closing = new();
    private readonly SemaphoreSlim _reading = new(1);

    /// <summary>Where one is in the list.</summary>
    public CursorPager Pager { get; } = new();

    /// <summary>What is searched for; null for everything.</summary>
    public string? Search { get; private set; }

    /// <summary>What it is sorted by; null for the list's own order.</summary>
    public string? Sort { get; private set; }

    public bool IsDescending { get; private set; }

    /// <summary>The page as it was last read; null before the first time.</summary>
    public ListPage<T>? Page { get; private set; }

    /// <summary>When that was.</summary>
    public DateTimeOffset? ReadAt { get; private set; }

    /// <summary>How the gateway stands, as far as the list knows.</summary>
    public StreamState State { get; private set; } = new(StreamStatus.Connecting, DateTimeOffset.MinValue, Why: null);

    /// <summary>Reads again and again until disposed; calls <paramref name="changed"/> after each time.</summary>
    public async Task RunAsync(Func<Task> changed)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            do
            {
                await ReadAsync();
                await changed();
            } while (await timer.WaitForNextTickAsync(_closing.Token));
        }
        catch (Exception exception) when (exception is OperationCanceledException or ObjectDisposedException)
        {
            // The page is closed.
        }
    }

    /// <summary>Another search.</summary>
    public Task SearchAsync(string? search)
    {
        Search = search;
        Pager.Restart();
        return ReadAsync();
    }

    /// <summary>Another order.</summary>
    public Task SortAsync(string? sort, bool isDescending)
    {
        (Sort, IsDescending) = (sort, isDescending);
        Pager.Restart();
        return ReadAsync();
    }

    /// <summary>Reads the page at hand.</summary>
    public async Task ReadAsync()
    {
        await _reading.WaitAsync(_closing.Token);
        try
        {
            var query = new ListQuery(Search, Sort, IsDescending, Pager.Current, PageSize);
            Page = await read(query, _closing.Token);
            Pager.Arrived(Page.NextCursor);
            ReadAt = clock.GetUtcNow();
            State = new StreamState(StreamStatus.Open, clock.GetUtcNow(), Why: null);
        }
        catch (Exception exception) when (ServiceFailures.IsAway(exception, _closing.Token))
        {
            State = new StreamState(StreamStatus.Away, clock.GetUtcNow(), "The gateway does not answer.");
        }
        finally
        {
            _reading.Release();
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _closing.Dispose();
    }
}
