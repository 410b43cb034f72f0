using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

public sealed class TopicTests(SuiteFixture fixture)
{
    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task Subscribing_is_answered_with_what_was_accepted_and_what_was_rejected()
    {
        await using var socket = await _suite.ConnectAsync("listener");
        var answer = await AskAsync(socket, "subscribe", "jobs", "my.topic-1", "books", "No Name", "", "-x");
        Assert.Equal("subscribed", answer.GetProperty("status").GetString());
        Assert.Equal(["jobs", "my.topic-1"], Strings(answer, "topics"));
        Assert.Equal(["books", "No Name", "", "-x"], Strings(answer, "rejected"));
    }

    [Fact]
    public async Task Admins_may_have_books_on_the_general_socket()
    {
        var mark = Guid.NewGuid().ToString();
        await using var socket = await _suite.ConnectAsync("boss", "admin");
        Assert.Equal(["books"], Strings(await AskAsync(socket, "subscribe", "books"), "topics"));
        await _suite.PublishAsync("book-updates", "book_update", new { book_id = 7, title = mark });
        var book = await socket.ReadUntilAsync(frame =>
            frame.TryGetProperty("title", out var title) && title.GetString() == mark
        );
        Assert.Equal(7, book.GetProperty("book_id").GetInt32());
    }

    [Fact]
    public async Task Any_backends_topic_reaches_those_who_subscribed_to_it()
    {
        await using var subscriber = await _suite.ConnectAsync("s1");
        await using var other = await _suite.ConnectAsync("s2");
        await AskAsync(subscriber, "subscribe", "weather");
        await _suite.PublishAsync("notifications", "forecast", new { degrees = 20 }, "topic:weather");
        var frame = await subscriber.ReadAsync();
        Assert.Equal(
            ["type", "topic", "data", "timestamp", "meta"],
            frame.EnumerateObject().Select(field => field.Name)
        );
        Assert.Equal("weather", frame.GetProperty("topic").GetString());

        await other.SendAsync("ping");
        Assert.Equal("pong", (await other.ReadAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_topic_given_up_sends_nothing_any_more_and_can_be_taken_again()
    {
        await using var socket = await _suite.ConnectAsync("fickle");
        Assert.Equal(["tasks"], Strings(await AskAsync(socket, "unsubscribe", "tasks", "unknown"), "topics"));
        await PublishTaskAsync("unheard");
        await _suite.PublishAsync("task-updates", "note", new { n = 1 }, "user:fickle");
        Assert.Equal("note", (await socket.ReadAsync()).GetProperty("type").GetString());

        await AskAsync(socket, "subscribe", "tasks");
        await PublishTaskAsync("heard");
        Assert.Equal("heard", (await socket.ReadAsync()).GetProperty("event").GetProperty("title").GetString());

        Task PublishTaskAsync(string title) =>
            _suite.PublishAsync("task-updates", "task.created", new { user_id = "fickle", title }, "user:fickle");
    }

    [Fact]
    public async Task All_stands_for_everything_of_the_suite_that_the_user_may_see()
    {
        await using var socket = await _suite.ConnectAsync("curious");
        Assert.Equal(
            ["inventory", "jobs", "notifications", "orders", "products", "tasks"],
            Strings(await AskAsync(socket, "subscribe", "all"), "topics").Order(StringComparer.Ordinal)
        );
        await _suite.PublishAsync("product-events", "product_created", new { product_id = "p9" });
        Assert.Equal(
            "product_created",
            (await socket.ReadUntilAsync("product_created")).GetProperty("type").GetString()
        );
    }

    [Fact]
    public async Task A_notification_for_everyone_reaches_everyone_and_one_for_a_role_only_the_role()
    {
        await using var member = await _suite.ConnectAsync("m1", "member");
        await using var guest = await _suite.ConnectAsync("g1");
        await _suite.PublishAsync("notifications", "notification.created", new { id = "role" }, "role:member");
        await _suite.PublishAsync("notifications", "notification.created", new { id = "all" }, "topic:notifications");

        Assert.Equal("all", IdOf(await guest.ReadAsync()));
        Assert.Equal(
            ["all", "role"],
            new[] { IdOf(await member.ReadAsync()), IdOf(await member.ReadAsync()) }.Order(StringComparer.Ordinal)
        );

        static string? IdOf(JsonElement frame) => frame.GetProperty("data").GetProperty("id").GetString();
    }

    [Fact]
    public async Task A_socket_has_at_most_a_hundred_topics()
    {
        await using var socket = await _suite.ConnectAsync("greedy");
        var answer = await AskAsync(socket, "subscribe", [.. Enumerable.Range(0, 150).Select(i => $"t{i}")]);
        Assert.Equal(98, Strings(answer, "topics").Count);
        Assert.Equal(52, Strings(answer, "rejected").Count);
    }

    [Theory]
    [InlineData("""{"type":"subscribe"}""")]
    [InlineData("""{"type":"subscribe","topics":"jobs"}""")]
    [InlineData("""{"type":"subscribe","topics":[1]}""")]
    [InlineData("""{"type":"unsubscribe","topics":null}""")]
    [InlineData("""{"type":"auth"}""")]
    public async Task A_command_without_what_it_needs_is_answered_with_an_error(string message)
    {
        await using var socket = await _suite.ConnectAsync("sloppy");
        await socket.SendAsync(message);
        Assert.Equal("invalid_message", (await socket.ReadAsync()).GetProperty("code").GetString());
    }

    private static async Task<JsonElement> AskAsync(SocketClient socket, string type, params string[] topics)
    {
        await socket.SendAsync(JsonSerializer.Serialize(new { type, topics }));
        return await socket.ReadUntilAsync("subscription");
    }

    private static List<string?> Strings(JsonElement answer, string name) =>
        [.. answer.GetProperty(name).EnumerateArray().Select(value => value.GetString())];
}
