using RealtimeSuite.Contracts;
using RealtimeSuite.Notifications.Rules;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Notifications.Tests;

public sealed class NotificationStoreTests(GarnetFixture garnet) : IClassFixture<GarnetFixture>, IAsyncLifetime
{
    private static readonly Audience Ann = Audience.User("ann");

    private readonly FakeClock _clock = new();
    private ServiceUnderTest _service = null!;

    public async ValueTask InitializeAsync()
    {
        await garnet.ClearAsync();
        _service = ServiceUnderTest.Create(
            garnet.Server,
            _clock,
            ("Notifications:MaxPerUser", "300"),
            ("Notifications:MaxPerAudience", "3")
        );
    }

    public ValueTask DisposeAsync() => _service.DisposeAsync();

    [Fact]
    public async Task A_notification_is_listed_counted_and_told_and_so_is_its_reading_and_its_removal()
    {
        var first = await AddAsync(Ann, "first");
        var second = await AddAsync(Ann, "second");
        Assert.Equal(["second", "first"], await _service.TitlesAsync("ann"));
        Assert.Equal(2, await _service.UnreadAsync("ann"));

        Assert.True(await _service.Store.MarkReadAsync("ann", [], first));
        Assert.True(await _service.Store.MarkReadAsync("ann", [], first));
        Assert.Equal(1, await _service.UnreadAsync("ann"));
        Assert.True(await _service.Store.DeleteAsync("ann", [], first));
        Assert.True(await _service.Store.DeleteAsync("ann", [], second));
        Assert.False(await _service.Store.DeleteAsync("ann", [], second));
        Assert.False(await _service.Store.MarkReadAsync("ann", [], second));
        Assert.Equal(0, await _service.UnreadAsync("ann"));
        Assert.Empty(await _service.TitlesAsync("ann"));
        Assert.Equal(
            [
                $"user:ann notification.created {first}",
                $"user:ann notification.created {second}",
                $"user:ann notification.updated {first}",
                $"user:ann notification.updated {second}",
            ],
            await _service.ToldAsync()
        );
    }

    [Fact]
    public async Task Nobody_reads_or_removes_what_is_anothers()
    {
        var id = await AddAsync(Ann);
        Assert.False(await _service.Store.MarkReadAsync("bob", ["admin"], id));
        Assert.False(await _service.Store.DeleteAsync("bob", ["admin"], id));
        Assert.Null(await _service.Reader.FindAsync("bob", ["admin"], id));
        Assert.Equal(1, await _service.UnreadAsync("ann"));
    }

    [Fact]
    public async Task The_same_event_makes_one_notification_however_often_and_at_once_it_comes()
    {
        var added = await Task.WhenAll(
            Enumerable.Range(0, 50).Select(i => _service.AddAsync(Ann, eventId: $"e{i % 2}"))
        );
        Assert.Equal(2, added.Count(id => id.Length > 0));
        Assert.Equal(2, await _service.UnreadAsync("ann"));
        Assert.Equal(2, (await _service.ToldAsync()).Length);
        Assert.NotEmpty(await _service.AddAsync(Audience.User("bob"), eventId: "e0"));
    }

    [Fact]
    public async Task A_muted_category_makes_none_not_even_later_when_its_event_comes_again()
    {
        await _service.Preferences.MuteAsync("ann", ["orders", "books"]);
        Assert.Equal(["books", "orders"], await _service.Preferences.MutedAsync("ann"));
        Assert.Equal("", await _service.AddAsync(Ann, "orders", eventId: "e1"));
        Assert.NotEmpty(await _service.AddAsync(Ann, "tasks"));

        await _service.Preferences.MuteAsync("ann", []);
        Assert.Empty(await _service.Preferences.MutedAsync("ann"));
        Assert.Equal("", await _service.AddAsync(Ann, "orders", eventId: "e1"));
        Assert.NotEmpty(await _service.AddAsync(Ann, "orders", eventId: "e2"));
        Assert.Equal(2, await _service.UnreadAsync("ann"));
    }

    [Fact]
    public async Task Only_the_newest_are_kept_and_none_beyond_the_retention_and_the_count_stays_exact()
    {
        await using var small = ServiceUnderTest.Create(garnet.Server, _clock, ("Notifications:MaxPerUser", "3"));
        var ids = new List<string>();
        for (var i = 0; i < 4; i++)
        {
            ids.Add(await small.AddAsync(Ann, title: $"{i}"));
            await small.Store.MarkReadAsync("ann", [], ids[0]);
            _clock.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(["3", "2", "1"], await small.TitlesAsync("ann"));
        Assert.Equal(3, await small.UnreadAsync("ann"));
        await small.AddAsync(Ann, title: "4");
        Assert.Equal(3, await small.UnreadAsync("ann"));

        _clock.Advance(TimeSpan.FromDays(91));
        await small.AddAsync(Ann, title: "5");
        Assert.Equal(["5"], await small.TitlesAsync("ann"));
        Assert.Equal(1, await small.UnreadAsync("ann"));
    }

    [Fact]
    public async Task All_are_read_at_once_and_those_read_by_many_at_the_same_moment_are_told_once()
    {
        for (var i = 0; i < 250; i++)
        {
            await AddAsync(Ann);
        }

        await AddAsync(Audience.Role("member"));
        var marked = await Task.WhenAll(
            Enumerable.Range(0, 8).Select(_ => _service.Store.MarkAllReadAsync("ann", ["member"]))
        );
        Assert.Equal(251, marked.Sum());
        Assert.Equal(0, await _service.UnreadAsync("ann", "member"));
        Assert.Equal(
            251,
            (await _service.ToldAsync()).Count(told => told.Contains("updated", StringComparison.Ordinal))
        );
        Assert.Equal(0, await _service.Store.MarkAllReadAsync("ann", ["member"]));
    }

    [Fact]
    public async Task A_text_that_looks_like_a_field_is_a_text()
    {
        const string Text = "\"read\":false";
        var draft = new NotificationDraft(Ann, NotificationLevels.Info, "system", Text, Text);
        var id = (await _service.Store.AddAsync(draft)).Notification!.Id;
        await _service.Store.MarkReadAsync("ann", [], id);

        var item = await _service.Reader.FindAsync("ann", [], id);
        Assert.Equal((Text, Text, true), (item!.Title, item.Message, item.Read));
        await _service.Store.DeleteAsync("ann", [], id);
        Assert.Equal(0, await _service.UnreadAsync("ann"));
    }

    [Fact]
    public async Task A_broadcast_is_kept_once_and_each_reads_and_removes_it_alone()
    {
        var toAdmins = await AddAsync(Audience.Role("admin"), "for admins");
        var toAll = await AddAsync(Audience.Everyone, "for all");
        Assert.Equal(["for all", "for admins"], await _service.TitlesAsync("ann", "admin", "user"));
        Assert.Equal(["for all"], await _service.TitlesAsync("bob", "user"));
        Assert.False(await _service.Store.MarkReadAsync("bob", ["user"], toAdmins));

        Assert.True(await _service.Store.MarkReadAsync("ann", ["admin"], toAdmins));
        Assert.True(await _service.Store.MarkReadAsync("ann", ["admin"], toAdmins));
        Assert.Equal(1, await _service.UnreadAsync("ann", "admin"));
        Assert.Equal(2, await _service.UnreadAsync("cleo", "admin"));

        Assert.True(await _service.Store.DeleteAsync("ann", ["admin"], toAll));
        Assert.False(await _service.Store.DeleteAsync("ann", ["admin"], toAll));
        Assert.Equal(["for admins"], await _service.TitlesAsync("ann", "admin"));
        Assert.Equal(0, await _service.UnreadAsync("ann", "admin"));
        Assert.Equal(1, await _service.UnreadAsync("bob"));
        Assert.Equal(
            [
                $"role:admin notification.created {toAdmins}",
                $"topic:notifications notification.created {toAll}",
                $"user:ann notification.updated {toAdmins}",
                $"user:ann notification.updated {toAll}",
            ],
            await _service.ToldAsync()
        );
        Assert.Equal(1, await _service.Redis.HashLengthAsync("broadcasts:role:admin:items"));
        Assert.False(await _service.Redis.KeyExistsAsync("notifications:ann:items"));
    }

    [Fact]
    public async Task Broadcasts_of_a_muted_category_are_neither_listed_nor_counted_while_it_is_muted()
    {
        await _service.AddAsync(Audience.Everyone, "news");
        await _service.AddAsync(Audience.Role("user"), "system");
        await _service.Preferences.MuteAsync("ann", ["news"]);
        Assert.Equal(1, await _service.UnreadAsync("ann", "user"));
        Assert.Equal(2, await _service.UnreadAsync("bob", "user"));
        await _service.Preferences.MuteAsync("ann", []);
        Assert.Equal(2, await _service.UnreadAsync("ann", "user"));
    }

    [Fact]
    public async Task Marks_of_broadcasts_go_with_the_broadcasts()
    {
        for (var i = 0; i < 8; i++)
        {
            await AddAsync(Audience.Everyone, $"{i}");
            await _service.Store.MarkAllReadAsync("ann", []);
            Assert.Equal(0, await _service.UnreadAsync("ann"));
        }

        Assert.Equal(["7", "6", "5"], await _service.TitlesAsync("ann"));
        Assert.Equal(3, await _service.Redis.SortedSetLengthAsync("notifications:ann:broadcasts:read"));
        Assert.Equal(3, await _service.UnreadAsync("bob"));
    }

    [Theory]
    [InlineData(7, false)]
    [InlineData(7, true)]
    [InlineData(150, false)]
    public async Task Pages_have_all_in_order_and_each_once_even_of_one_instant(int size, bool sameInstant)
    {
        var expected = new List<string>();
        for (var i = 0; i < 160; i++)
        {
            var to = i is 5 or 80 or 130 ? Audience.Role("user") : Ann;
            expected.Add(sameInstant ? await _service.AddAsync(to) : await AddAsync(to));
        }

        var pages = new List<string>();
        for (string? before = null; ; before = pages[^1])
        {
            var list = await _service.Reader.ReadAsync("ann", ["user"], size, before);
            pages.AddRange(list.Items.Select(item => item.Id));
            if (!list.HasMore)
            {
                break;
            }

            Assert.Equal(size, list.Items.Count);
        }

        expected.Sort(StringComparer.Ordinal);
        expected.Reverse();
        Assert.Equal(expected, pages);
    }

    [Fact]
    public async Task Unread_ones_are_found_among_many_that_are_read()
    {
        var oldest = await AddAsync(Ann);
        for (var i = 0; i < 250; i++)
        {
            await _service.Store.MarkReadAsync("ann", [], await AddAsync(Ann));
        }

        var list = await _service.Reader.ReadAsync("ann", [], 5, unreadOnly: true);
        Assert.Equal(oldest, Assert.Single(list.Items).Id);
        Assert.False(list.HasMore);
    }

    private async Task<string> AddAsync(Audience to, string title = "T")
    {
        _clock.Advance(TimeSpan.FromMilliseconds(1));
        return await _service.AddAsync(to, title: title);
    }
}
