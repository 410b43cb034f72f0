using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>A suite of its own, as what is told to everyone reaches everyone.</summary>
public sealed class NotificationTests(NotificationTests.OwnSuite own) : IClassFixture<NotificationTests.OwnSuite>
{
    private const string Notifications = "/api/notifications";

    private readonly Suite _suite = own.Suite;

    /// <summary>A user, and a role, that no other test has.</summary>
    private readonly string _user = "u" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_task_completed_over_rest_is_notified_on_each_replica_and_rest_and_initial_state_agree_to_the_end()
    {
        using var client = _suite.NotificationsAs(_user);
        await MuteAsync(client, "news");
        var (first, second) = await _suite.ConnectToBothReplicasAsync(_user);
        await using var firstSocket = first;
        await using var secondSocket = second;
        using var api = _suite.ApiAs(_user);
        using var created = await api.PostAsJsonAsync("/api/tasks", new { title = "Tidy up" });
        using var completed = await api.PostAsync($"{created.Headers.Location}/complete", null);
        completed.EnsureSuccessStatusCode();

        var frame = await first.ReadUntilAsync("notification");
        Assert.Equal("created", Text(frame, "action"));
        var data = frame.GetProperty("data");
        Assert.Equal(("Task completed", "Tidy up"), (Text(data, "title"), Text(data, "message")));
        Assert.Equal(data.GetRawText(), (await second.ReadUntilAsync("notification")).GetProperty("data").GetRawText());

        var item = Assert.Single(await ListAsync(client));
        Assert.Equal(data.GetRawText(), item.GetRawText());
        Assert.Equal(1, await UnreadAsync(client));
        Assert.Equal((1, 1), await InitialStateAsync());

        using var read = await client.PostAsync($"{Notifications}/{Text(data, "id")}/read", null);
        Assert.Equal(HttpStatusCode.OK, read.StatusCode);
        foreach (var socket in new[] { first, second })
        {
            var updated = await socket.ReadUntilAsync("notification");
            Assert.Equal("updated", Text(updated, "action"));
            Assert.Equal($$"""{"id":"{{Text(data, "id")}}","read":true}""", updated.GetProperty("data").GetRawText());
        }

        Assert.Equal(0, await UnreadAsync(client));
        Assert.Empty(await ListAsync(client, "?unread=true"));
        Assert.Equal((1, 0), await InitialStateAsync());

        using var deleted = await client.DeleteAsync($"{Notifications}/{Text(data, "id")}");
        Assert.Equal(HttpStatusCode.NoContent, deleted.StatusCode);
        Assert.Equal((0, 0), await InitialStateAsync());
    }

    [Fact]
    public async Task What_is_told_to_a_role_reaches_those_who_have_it_and_each_reads_it_alone()
    {
        await using var member = await _suite.ConnectAsync(_user, _user);
        await using var stranger = await _suite.ConnectAsync("stranger-" + _user);
        var created = await CreateAsync(
            new
            {
                role = _user,
                title = "For members",
                message = "M",
            }
        );
        Assert.Equal(
            Text(created, "id"),
            Text((await member.ReadUntilAsync("notification")).GetProperty("data"), "id")
        );

        using var client = _suite.NotificationsAs(_user, _user);
        using var other = _suite.NotificationsAs("other-" + _user, _user);
        using var outside = _suite.NotificationsAs("stranger-" + _user);
        var before = await UnreadAsync(client);
        Assert.Contains(await ListAsync(client), item => Text(item, "title") == "For members");
        Assert.DoesNotContain(await ListAsync(outside), item => Text(item, "title") == "For members");
        Assert.Equal(HttpStatusCode.NotFound, await ReadOneAsync(outside, Text(created, "id")));

        Assert.Equal(HttpStatusCode.OK, await ReadOneAsync(client, Text(created, "id")));
        Assert.Equal("updated", Text(await member.ReadUntilAsync("notification"), "action"));
        Assert.Equal(before - 1, await UnreadAsync(client));
        Assert.Equal(before, await UnreadAsync(other));

        // Told to the stranger alone and after all that: had anything of it come, it would have come before.
        await CreateAsync(
            new
            {
                user_id = "stranger-" + _user,
                title = "The first",
                message = "M",
            }
        );
        Assert.Equal("The first", Text((await stranger.ReadUntilAsync("notification")).GetProperty("data"), "title"));
    }

    [Fact]
    public async Task What_is_told_to_everyone_reaches_everyone_and_their_initial_state()
    {
        await using var socket = await _suite.ConnectAsync(_user);
        await CreateAsync(
            new
            {
                everyone = true,
                title = "For all",
                message = "M",
                category = "news",
            }
        );
        var frame = await socket.ReadUntilAsync("notification");
        Assert.Equal("For all", Text(frame.GetProperty("data"), "title"));
        Assert.Equal("topic:notifications", Text(frame.GetProperty("meta"), "channel"));

        using var client = _suite.NotificationsAs(_user);
        var (listed, unread) = ((await ListAsync(client)).Length, await UnreadAsync(client));
        Assert.Equal(listed, unread);
        Assert.Equal((listed, unread), await InitialStateAsync());
        using var all = await client.PostAsync($"{Notifications}/read-all", null);
        Assert.Equal(unread, (await all.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("updated").GetInt32());
        Assert.Equal((listed, 0), await InitialStateAsync());
    }

    [Fact]
    public async Task A_muted_category_makes_no_notification_and_the_same_event_twice_makes_one()
    {
        using var client = _suite.NotificationsAs(_user);
        await MuteAsync(client, "orders", "news");
        await using var socket = await _suite.ConnectAsync(_user);
        var audience = "user:" + _user;
        await _suite.PublishAsync("order-events", "order_delivered", new { order_id = "o1" }, audience);
        for (var i = 0; i < 3; i++)
        {
            await _suite.PublishAsync("task-updates", "task.completed", new { title = "one" }, audience, _user);
        }

        await Eventually.TrueAsync(async () => (await ListAsync(client)).Length > 0, "the notification is there");

        // The topics are consumed independently: what was muted has been handled when one behind it, to somebody else, is there.
        using var witness = _suite.NotificationsAs("witness-" + _user);
        await MuteAsync(witness, "news");
        await _suite.PublishAsync("order-events", "order_shipped", new { order_id = "o3" }, "user:witness-" + _user);
        await Eventually.TrueAsync(async () => (await ListAsync(witness)).Length > 0, "the witness is notified");

        // Everything before it on both topics has been handled when these are there.
        await MuteAsync(client, "news");
        await _suite.PublishAsync("task-updates", "task.completed", new { title = "last" }, audience);
        await _suite.PublishAsync("order-events", "order_shipped", new { order_id = "o2" }, audience);
        await Eventually.TrueAsync(async () => (await ListAsync(client)).Length >= 3, "the last ones are there");
        Assert.Equal(
            ["Order o2 is on its way.", "last", "one"],
            (await ListAsync(client)).Select(item => Text(item, "message")).Order(StringComparer.Ordinal)
        );
        Assert.Equal("one", Text((await socket.ReadUntilAsync("notification")).GetProperty("data"), "message"));
    }

    [Fact]
    public async Task Only_admins_and_services_create_and_a_wrong_input_is_named_field_by_field()
    {
        using var user = _suite.NotificationsAs(_user, "user");
        using var refused = await user.PostAsJsonAsync(
            Notifications,
            new
            {
                user_id = _user,
                title = "T",
                message = "M",
            }
        );
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);

        using var service = _suite.NotificationsAs("backend", "service");
        using var wrong = await service.PostAsJsonAsync(
            Notifications,
            new
            {
                user_id = _user,
                everyone = true,
                level = "loud",
                category = "No Name",
            }
        );
        Assert.Equal(HttpStatusCode.BadRequest, wrong.StatusCode);
        Assert.Equal("application/problem+json", wrong.Content.Headers.ContentType?.MediaType);
        var problem = await wrong.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(
            ["category", "level", "message", "title", "user_id"],
            problem.GetProperty("errors").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal)
        );
        Assert.NotEmpty(Text(problem, "traceId"));

        using var bad = await user.GetAsync($"{Notifications}?cursor=nonsense");
        Assert.Equal(HttpStatusCode.BadRequest, bad.StatusCode);
        using var nobody = _suite.NotificationsAs(_user);
        nobody.DefaultRequestHeaders.Authorization = null;
        using var unknown = await nobody.GetAsync(Notifications);
        Assert.Equal(HttpStatusCode.Unauthorized, unknown.StatusCode);
    }

    [Fact]
    public async Task Pages_follow_one_another_and_a_repeated_request_creates_nothing_new()
    {
        using var service = _suite.NotificationsAs("backend", "service");
        for (var i = 0; i < 5; i++)
        {
            for (var repeated = 0; repeated < 2; repeated++)
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, Notifications)
                {
                    Content = JsonContent.Create(
                        new
                        {
                            user_id = _user,
                            title = $"{i}",
                            message = "M",
                        }
                    ),
                    Headers = { { "Idempotency-Key", $"{_user}-{i}" } },
                };
                using var response = await service.SendAsync(request);
                Assert.Equal(HttpStatusCode.Created, response.StatusCode);
            }
        }

        using var client = _suite.NotificationsAs(_user);
        var titles = new List<string>();
        for (string? cursor = ""; cursor is not null; )
        {
            var page = await client.GetFromJsonAsync<JsonElement>($"{Notifications}?limit=2&cursor={cursor}");
            titles.AddRange(
                page.GetProperty("items").EnumerateArray().Where(IsOwn).Select(item => Text(item, "title"))
            );
            cursor = page.GetProperty("next_cursor").GetString();
        }

        Assert.Equal(["4", "3", "2", "1", "0"], titles);
    }

    [Fact]
    public async Task The_operators_paths_and_the_openapi_document_are_there()
    {
        using var client = _suite.NotificationsAs("backend", "service");
        await CreateAsync(
            new
            {
                user_id = _user,
                title = "T",
                message = "M",
            }
        );
        foreach (var path in new[] { "/health", "/alive" })
        {
            Assert.Equal("Healthy", await client.GetStringAsync(path));
        }

        var metrics = MetricsPage.Parse(await client.GetStringAsync("/metrics"));
        Assert.True(
            metrics.Value("realtime_notifications_total", ("audience", "user"), ("outcome", "created")) >= 1,
            string.Join('\n', metrics.Lines)
        );
        var document = await client.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        Assert.Equal(
            [
                "/api/notifications",
                "/api/notifications/preferences",
                "/api/notifications/read-all",
                "/api/notifications/unread-count",
                "/api/notifications/{id}",
                "/api/notifications/{id}/read",
            ],
            document.GetProperty("paths").EnumerateObject().Select(path => path.Name).Order(StringComparer.Ordinal)
        );
        var components = document.GetProperty("components");
        Assert.Equal("bearer", Text(components.GetProperty("securitySchemes").GetProperty("bearer"), "scheme"));
        var createdAt = components
            .GetProperty("schemas")
            .GetProperty("Notification")
            .GetProperty("properties")
            .GetProperty("created_at");
        Assert.Equal("string date-time", $"{Text(createdAt, "type")} {Text(createdAt, "format")}");
    }

    [Fact]
    public async Task A_record_that_is_no_event_is_put_aside_by_each_consumer_and_the_next_one_is_notified()
    {
        await _suite.ProduceAsync("task-updates", "no event " + _user);
        await _suite.ProduceAsync(
            "task-updates",
            $$"""{"event_type":"task.completed","user_id":"{{_user}}","task_id":"1","title":"after"}"""
        );
        using var client = _suite.NotificationsAs(_user);
        await MuteAsync(client, "news");
        await Eventually.TrueAsync(async () => (await ListAsync(client)).Length == 1, "the next one is notified");

        var kafka = await _suite.KafkaAsync();
        await Eventually.TrueAsync(
            () =>
                KafkaTail
                    .ReadAll(kafka, "task-updates.dlq")
                    .Count(record => Encoding.UTF8.GetString(record.Message.Value) == "no event " + _user) == 2,
            "gateway and notification service have put it aside"
        );
    }

    [Fact]
    public async Task Nothing_is_lost_and_nothing_doubled_when_the_service_is_killed_at_work()
    {
        const int Events = 300;
        await using var socket = await _suite.ConnectAsync(_user);

        // All the time, as a client that reads nothing answers no pings either.
        var receiving = ReceiveAsync();
        for (var i = 0; i < Events; i++)
        {
            await _suite.ProduceAsync(
                "task-updates",
                $$"""{"event_type":"task.completed","user_id":"{{_user}}","task_id":"{{i}}","title":"{{i}}"}"""
            );
            if (i == Events / 2)
            {
                Kill((await _suite.ProcessesAsync("notifications", 1)).Single());
            }
        }

        await _suite.ReviveAsync("notifications", TestContext.Current.CancellationToken);
        var expected = Enumerable.Range(0, Events).Select(i => $"{i}").Order(StringComparer.Ordinal).ToList();
        using var client = _suite.NotificationsAs(_user);
        await Eventually.TrueAsync(
            async () => (await ListAsync(client, all: true)).Count(IsOwn) >= Events,
            "all notifications are there",
            TimeSpan.FromMinutes(1)
        );
        var listed = (await ListAsync(client, all: true)).Where(IsOwn).Select(item => Text(item, "message"));
        Assert.Equal(expected, listed.Order(StringComparer.Ordinal));

        Assert.Equal(expected, (await receiving).Order(StringComparer.Ordinal));

        async Task<List<string>> ReceiveAsync()
        {
            var received = new List<string>();
            while (received.Count < Events)
            {
                var frame = await socket.ReadAsync(TimeSpan.FromMinutes(2));
                if (Text(frame, "type") == "notification" && IsOwn(frame.GetProperty("data")))
                {
                    received.Add(Text(frame.GetProperty("data"), "message"));
                }
            }

            return received;
        }
    }

    private static void Kill(int processId)
    {
        using var process = System.Diagnostics.Process.GetProcessById(processId);
        process.Kill();
    }

    /// <summary>Tells the user's own from what other tests tell everyone.</summary>
    private static bool IsOwn(JsonElement item) => Text(item, "title") != "For all";

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;

    private static async Task<JsonElement[]> ListAsync(HttpClient client, string query = "", bool all = false)
    {
        var items = new List<JsonElement>();
        var page = await client.GetFromJsonAsync<JsonElement>(Notifications + query);
        items.AddRange(page.GetProperty("items").EnumerateArray());
        while (all && page.GetProperty("next_cursor").GetString() is { } cursor)
        {
            page = await client.GetFromJsonAsync<JsonElement>($"{Notifications}?limit=200&cursor={cursor}");
            items.AddRange(page.GetProperty("items").EnumerateArray());
        }

        return [.. items];
    }

    private static async Task<int> UnreadAsync(HttpClient client) =>
        (await client.GetFromJsonAsync<JsonElement>($"{Notifications}/unread-count"))
            .GetProperty("unread_count")
            .GetInt32();

    private static async Task MuteAsync(HttpClient client, params string[] categories)
    {
        using var muted = await client.PutAsJsonAsync(
            $"{Notifications}/preferences",
            new { muted_categories = categories }
        );
        Assert.Equal(HttpStatusCode.OK, muted.StatusCode);
    }

    private static async Task<HttpStatusCode> ReadOneAsync(HttpClient client, string id)
    {
        using var response = await client.PostAsync($"{Notifications}/{id}/read", null);
        return response.StatusCode;
    }

    private async Task<JsonElement> CreateAsync(object input)
    {
        using var admin = _suite.NotificationsAs("boss", "admin");
        using var response = await admin.PostAsJsonAsync(Notifications, input);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
        var created = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal($"{Notifications}/{Text(created, "id")}", response.Headers.Location?.ToString());
        return created;
    }

    /// <summary>How many notifications, and how many unread, a new socket of the user is greeted with.</summary>
    private async Task<(int Listed, int Unread)> InitialStateAsync()
    {
        await using var socket = await SocketClient.ConnectAsync(
            _suite.SocketAddress($"/ws?token={_suite.TokenFor(_user)}")
        );
        var state = (await socket.ReadUntilAsync("initial_state")).GetProperty("data");
        await socket.CloseAsync();
        return (
            state.GetProperty("notifications").EnumerateArray().Count(),
            state.GetProperty("unread_count").GetInt32()
        );
    }

    /// <summary>The suite of these tests.</summary>
    public sealed class OwnSuite : IAsyncLifetime
    {
        public Suite Suite { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Suite = await Suite.StartAsync(withDashboard: false, TestContext.Current.CancellationToken);

        public ValueTask DisposeAsync() => Suite.DisposeAsync();
    }
}
