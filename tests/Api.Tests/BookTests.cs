using System.Net;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Api.Tests;

public sealed class BookTests(ApiFixture fixture) : IDisposable
{
    private static readonly object Example = new
    {
        title = "Example Book",
        genre = "Fiction",
        shelf_location = "A1",
    };

    private readonly HttpClient _admin = fixture.Api.ClientOf("librarian", "admin");
    private readonly HttpClient _reader = fixture.Api.ClientOf("reader", "user");

    [Fact]
    public async Task A_book_is_borrowed_and_returned_and_admins_are_told_as_the_documents_print_it()
    {
        var book = await _admin.AddAsync("/api/books", Example);
        var id = book.GetProperty("id").GetInt64();
        Assert.True(book.GetProperty("available").GetBoolean());

        var borrowed = await _reader.CallAsync(HttpMethod.Post, $"/api/books/{id}/borrow");
        Assert.False(borrowed.GetProperty("available").GetBoolean());
        Assert.Equal("reader", borrowed.GetProperty("borrower_id").GetString());
        await _reader.CallAsync(HttpMethod.Post, $"/api/books/{id}/return");

        var events = await fixture.EventsAsync("book-updates", $"{id}", 2);
        Assert.Equal(
            $$"""{"book_id":{{id}},"title":"Example Book","available":false,"genre":"Fiction","shelf_location":"A1"}""",
            events[0].GetProperty("data").GetRawText()
        );
        Assert.True(events[1].GetProperty("data").GetProperty("available").GetBoolean());
        Assert.All(events, told => Assert.Equal("role:admin", told.GetProperty("audience").GetString()));
    }

    [Fact]
    public async Task Of_fifty_borrows_at_once_one_wins_and_the_others_are_refused()
    {
        var id = (await _admin.AddAsync("/api/books", Example)).GetProperty("id").GetInt64();
        var clients = Enumerable.Range(0, 50).Select(i => fixture.Api.ClientOf($"reader-{i}", "user")).ToArray();
        var statuses = await Task.WhenAll(
            clients.Select(async client =>
            {
                using var answer = await client.PostAsync($"/api/books/{id}/borrow", null);
                return answer.StatusCode;
            })
        );

        var winner = Assert.Single(Enumerable.Range(0, 50), i => statuses[i] == HttpStatusCode.OK);
        Assert.Equal(49, statuses.Count(status => status == HttpStatusCode.Conflict));
        var book = await _admin.CallAsync(HttpMethod.Get, $"/api/books/{id}");
        Assert.Equal($"reader-{winner}", book.GetProperty("borrower_id").GetString());
        Assert.Single(await fixture.EventsAsync("book-updates", $"{id}", 1));
        Array.ForEach(clients, client => client.Dispose());
    }

    [Fact]
    public async Task A_book_is_returned_by_its_borrower_or_an_admin_and_nobody_else()
    {
        var id = (await _admin.AddAsync("/api/books", Example)).GetProperty("id").GetInt64();
        await _reader.CallAsync(HttpMethod.Post, $"/api/books/{id}/return", null, HttpStatusCode.Conflict);
        await _reader.CallAsync(HttpMethod.Post, $"/api/books/{id}/borrow");
        using var stranger = fixture.Api.ClientOf("stranger", "user");
        await stranger.CallAsync(HttpMethod.Post, $"/api/books/{id}/return", null, HttpStatusCode.Forbidden);
        var seen = await stranger.CallAsync(HttpMethod.Get, $"/api/books/{id}");
        Assert.False(seen.TryGetProperty("borrower_id", out _));
        await _admin.CallAsync(HttpMethod.Delete, $"/api/books/{id}", null, HttpStatusCode.Conflict);
        await _admin.CallAsync(HttpMethod.Post, $"/api/books/{id}/return");
        await _admin.CallAsync(HttpMethod.Delete, $"/api/books/{id}", null, HttpStatusCode.NoContent);
        await _admin.CallAsync(HttpMethod.Get, $"/api/books/{id}", null, HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task Books_are_described_by_admins_alone()
    {
        await _reader.CallAsync(HttpMethod.Post, "/api/books", Example, HttpStatusCode.Forbidden);
        var problem = await _admin.CallAsync(
            HttpMethod.Post,
            "/api/books",
            new { title = " ", genre = new string('g', 101) },
            HttpStatusCode.BadRequest
        );
        Assert.Equal(["genre", "shelf_location", "title"], problem.Fields());

        var id = (await _admin.AddAsync("/api/books", Example)).GetProperty("id").GetInt64();
        var changed = await _admin.CallAsync(
            HttpMethod.Put,
            $"/api/books/{id}",
            new
            {
                title = "Other",
                genre = "Fact",
                shelf_location = "B2",
            }
        );
        Assert.Equal("Other", changed.GetProperty("title").GetString());
    }

    [Fact]
    public async Task The_list_is_read_page_by_page_newest_first()
    {
        for (var i = 0; i < 3; i++)
        {
            await _admin.AddAsync("/api/books", Example);
        }

        List<long> ids = [];
        string? cursor = null;
        do
        {
            var page = await _reader.CallAsync(HttpMethod.Get, $"/api/books?limit=2&cursor={cursor}");
            ids.AddRange(page.GetProperty("items").EnumerateArray().Select(book => book.GetProperty("id").GetInt64()));
            cursor = page.GetProperty("next_cursor").GetString();
        } while (cursor is not null);

        Assert.True(ids.Count >= 3);
        Assert.Equal(ids.Distinct().OrderDescending(), ids);
    }

    public void Dispose()
    {
        _admin.Dispose();
        _reader.Dispose();
    }
}
