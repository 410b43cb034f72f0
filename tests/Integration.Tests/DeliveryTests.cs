using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RealtimeSuite.Testing;
using StackExchange.Redis;

namespace RealtimeSuite.Integration.Tests;

public sealed class DeliveryTests(SuiteFixture fixture)
{
    private const string TaskUpdates = "task-updates";

    private readonly Suite _suite = fixture.Suite;

    /// <summary>Somebody to whom nothing happens in other tests, of which events might still be on their way.</summary>
    private readonly string _user = "receiver-" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_task_created_over_rest_arrives_as_the_documents_print_it()
    {
        await using var socket = await _suite.ConnectAsync(_user);
        using var api = _suite.ApiAs(_user);
        using var response = await api.PostAsJsonAsync("/api/tasks", new { title = "Test Task" });
        var task = await response.Content.ReadFromJsonAsync<JsonElement>();

        var frame = await socket.ReadAsync();
        Assert.Equal(["type", "event", "timestamp", "meta"], frame.EnumerateObject().Select(field => field.Name));
        Assert.Equal("task_update", frame.GetProperty("type").GetString());
        var told = frame.GetProperty("event");
        Assert.Equal("task.created", told.GetProperty("event_type").GetString());
        Assert.Equal(_user, told.GetProperty("user_id").GetString());
        Assert.Equal(task.GetProperty("id").GetString(), told.GetProperty("task_id").GetString());
        Assert.Equal("Test Task", told.GetProperty("title").GetString());
        Assert.Matches(@"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$", frame.GetProperty("timestamp").GetString());
        Assert.Equal(
            ["id", "channel", "offset", "epoch"],
            frame.GetProperty("meta").EnumerateObject().Select(field => field.Name)
        );
    }

    [Fact]
    public async Task Two_sockets_of_one_user_on_different_replicas_get_each_of_200_events_once_and_in_order_and_another_user_gets_none()
    {
        const int Tasks = 20;
        const int Updates = 8;
        var other = "other-" + _user;
        var (first, second) = await _suite.ConnectToBothReplicasAsync(_user);
        await using var firstSocket = first;
        await using var secondSocket = second;
        await using var otherSocket = await _suite.ConnectAsync(other);
        using var api = _suite.ApiAs(_user);

        await Parallel.ForAsync(
            0,
            Tasks,
            new ParallelOptions { MaxDegreeOfParallelism = 8 },
            async (_, cancellationToken) => await WriteTaskAsync(api, Updates, cancellationToken)
        );
        string[] expected =
        [
            "task.created 0",
            .. Enumerable.Range(1, Updates).Select(i => $"task.updated {i}"),
            $"task.completed {Updates}",
        ];
        foreach (var socket in new[] { first, second })
        {
            var frames = await ReadEventsAsync(socket, Tasks * (expected.Length + 1));
            var byTask = frames
                .Where(frame => frame.GetProperty("type").GetString() == "task_update")
                .GroupBy(frame => Text(frame, "event", "task_id"))
                .ToList();
            Assert.Equal(Tasks, byTask.Count);
            Assert.All(
                byTask,
                task =>
                    Assert.Equal(
                        expected,
                        task.Select(frame => $"{Text(frame, "event", "event_type")} {Text(frame, "event", "title")}")
                    )
            );

            // Each completed task is notified, too.
            var offsets = frames.Select(frame => frame.GetProperty("meta").GetProperty("offset").GetInt64()).ToList();
            Assert.Equal(Enumerable.Range(0, offsets.Count).Select(i => offsets[0] + i), offsets);
        }

        using var otherApi = _suite.ApiAs(other);
        await otherApi.PostAsJsonAsync("/api/tasks", new { title = "the other's first" });
        Assert.Equal("the other's first", Text(await otherSocket.ReadAsync(), "event", "title"));
    }

    [Fact]
    public async Task What_a_backend_publishes_for_a_user_on_redis_reaches_all_sockets_of_that_user_verbatim()
    {
        var (first, second) = await _suite.ConnectToBothReplicasAsync("raw-user");
        await using var firstSocket = first;
        await using var secondSocket = second;
        await using var redis = await _suite.RedisAsync();
        var received = await redis
            .GetSubscriber()
            .PublishAsync(RedisChannel.Literal("ws:raw-user"), "  {\"any\": \"text, even <this> or ünïcode\"} ");

        Assert.Equal(2, received);
        Assert.Equal("  {\"any\": \"text, even <this> or ünïcode\"} ", await first.ReadTextAsync());
        Assert.Equal("  {\"any\": \"text, even <this> or ünïcode\"} ", await second.ReadTextAsync());
    }

    [Fact]
    public async Task The_raw_event_of_the_task_board_document_is_understood_on_kafka()
    {
        await using var socket = await _suite.ConnectAsync("user-123");
        await ProduceAsync("""{"event_type":"task.created","user_id":"user-123","task_id":"456","title":"New Task"}""");
        var frame = await socket.ReadAsync();
        Assert.Equal("task_update", frame.GetProperty("type").GetString());
        Assert.Equal(
            """{"event_type":"task.created","user_id":"user-123","task_id":"456","title":"New Task"}""",
            frame.GetProperty("event").GetRawText()
        );
    }

    [Fact]
    public async Task The_same_event_twice_on_kafka_is_delivered_once()
    {
        await using var socket = await _suite.ConnectAsync("twice");
        for (var i = 0; i < 2; i++)
        {
            await ProduceAsync(
                """{"specversion":"1.0","id":"same","source":"/t","type":"note","audience":"user:twice","data":{"n":1}}"""
            );
        }

        await ProduceAsync(
            """{"specversion":"1.0","id":"next","source":"/t","type":"note","audience":"user:twice","data":{"n":2}}"""
        );
        var frame = await socket.ReadAsync();
        Assert.Equal("note", frame.GetProperty("type").GetString());
        Assert.Equal(1, frame.GetProperty("data").GetProperty("n").GetInt32());
        Assert.Equal(2, (await socket.ReadAsync()).GetProperty("data").GetProperty("n").GetInt32());
    }

    [Fact]
    public async Task A_record_that_is_no_event_goes_to_the_dead_letter_topic_and_stops_nobody()
    {
        await using var socket = await _suite.ConnectAsync("after-poison");
        await ProduceAsync("this is no event");
        await ProduceAsync("""{"event_type":"task.created","user_id":"after-poison","task_id":"1","title":"after"}""");

        Assert.Equal("after", Text(await socket.ReadAsync(), "event", "title"));
        var kafka = await _suite.KafkaAsync();
        await Eventually.TrueAsync(
            () =>
                KafkaTail
                    .ReadAll(kafka, TaskUpdates + ".dlq")
                    .Exists(record => Encoding.UTF8.GetString(record.Message.Value) == "this is no event"),
            "the record is put aside"
        );
    }

    private static async Task WriteTaskAsync(HttpClient api, int updates, CancellationToken cancellationToken)
    {
        using var created = await api.PostAsJsonAsync("/api/tasks", new { title = "0" }, cancellationToken);
        var location = created.Headers.Location!;
        for (var i = 1; i <= updates; i++)
        {
            using var updated = await api.PutAsJsonAsync(location, new { title = $"{i}" }, cancellationToken);
            updated.EnsureSuccessStatusCode();
        }

        using var completed = await api.PostAsync(
            new Uri($"{location}/complete", UriKind.Relative),
            null,
            cancellationToken
        );
        completed.EnsureSuccessStatusCode();
    }

    private static async Task<List<JsonElement>> ReadEventsAsync(SocketClient socket, int count)
    {
        var frames = new List<JsonElement>();
        while (frames.Count < count)
        {
            frames.Add(await socket.ReadAsync());
        }

        return frames;
    }

    private Task ProduceAsync(string value) => _suite.ProduceAsync(TaskUpdates, value);

    private static string? Text(JsonElement frame, string outer, string inner) =>
        frame.GetProperty(outer).GetProperty(inner).GetString();
}
