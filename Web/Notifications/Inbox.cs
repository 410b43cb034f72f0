using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Http;
using RealtimeSuite.Web.Components;

namespace RealtimeSuite.Web.Notifications;

/// <summary>
/// The notifications of a page's user, as the notification service has them. Bell and page show the same one. When the service is away it
/// keeps what it has and says so. Used from its circuit alone.
/// </summary>
internal sealed class Inbox(ServiceClients services, TimeProvider clock)
{
    private const string Root = "/api/notifications";
    private const string AwaySentence = "The notification service does not answer. This is what was known last.";

    private string? _nextCursor;
    private int _pages = 1;
    private bool _isReading;
    private bool _readAgain;

    /// <summary>It was read again, or could not be.</summary>
    public event EventHandler? Changed;

    /// <summary>Newest first, as many pages as were asked for.</summary>
    public IReadOnlyList<Notification> Items { get; private set; } = [];

    /// <summary>How many of all are unread.</summary>
    public long Unread { get; private set; }

    /// <summary>Whether there are older ones.</summary>
    public bool HasMore => _nextCursor is not null;

    /// <summary>When it was last read; null before that.</summary>
    public DateTimeOffset? ReadAt { get; private set; }

    /// <summary>A sentence about what went wrong, or null.</summary>
    public string? Problem { get; private set; }

    /// <summary>Reads it again. While that is under way, one more reading follows, however often it is asked for.</summary>
    public async Task ReadAsync()
    {
        if (_isReading)
        {
            _readAgain = true;
            return;
        }

        _isReading = true;
        try
        {
            do
            {
                _readAgain = false;
                await TryAsync(ReadPagesAsync);
                Changed?.Invoke(this, EventArgs.Empty);
            } while (_readAgain);
        }
        finally
        {
            _isReading = false;
        }
    }

    /// <summary>Reads one page more.</summary>
    public Task ReadMoreAsync()
    {
        _pages++;
        return ReadAsync();
    }

    /// <summary>Marks one as read.</summary>
    public Task MarkReadAsync(string id) => ChangeAsync(client => client.PostAsync($"{Root}/{id}/read", null));

    /// <summary>Marks all as read.</summary>
    public Task MarkAllReadAsync() => ChangeAsync(client => client.PostAsync($"{Root}/read-all", null));

    /// <summary>Removes one.</summary>
    public Task DeleteAsync(string id) => ChangeAsync(client => client.DeleteAsync($"{Root}/{id}"));

    private async Task ChangeAsync(Func<HttpClient, Task<HttpResponseMessage>> change)
    {
        await TryAsync(async client =>
        {
            // What is gone already is as it was wanted.
            using var response = await change(client);
        });
        await ReadAsync();
    }

    private async Task ReadPagesAsync(HttpClient client)
    {
        var items = new List<Notification>();
        string? cursor = null;
        for (var page = 0; page < _pages; page++)
        {
            var read = await client.GetFromJsonAsync<Page<Notification>>(
                cursor is null ? Root : $"{Root}?cursor={Uri.EscapeDataString(cursor)}",
                ServiceJson.Options
            );
            items.AddRange(read!.Items);
            cursor = read.NextCursor;
            if (cursor is null)
            {
                break;
            }
        }

        var count = await client.GetFromJsonAsync<UnreadCount>($"{Root}/unread-count", ServiceJson.Options);
        (Items, _nextCursor, Unread, ReadAt) = (items, cursor, count!.Count, clock.GetUtcNow());
    }

    private async Task TryAsync(Func<HttpClient, Task> action)
    {
        try
        {
            using var client = await services.NotificationsAsync();
            await action(client);
            Problem = null;
        }
        catch (Exception exception) when (ServiceFailures.IsAway(exception, CancellationToken.None))
        {
            Problem = AwaySentence;
        }
    }

    private sealed record UnreadCount(
        [property: System.Text.Json.Serialization.JsonPropertyName("unread_count")] long Count
    );
}
