using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeSuite.Testing;
using StackExchange.Redis;

namespace RealtimeSuite.Integration.Tests;

/// <summary>What operators see and do, across two replicas.</summary>
public sealed class OperationsTests(SuiteFixture fixture)
{
    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);

    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task Metrics_have_the_documented_names_on_every_replica_and_no_label_names_a_user()
    {
        var (first, second) = await _suite.ConnectToBothReplicasAsync("measured-user");
        await using var redis = await _suite.RedisAsync();
        await redis.GetSubscriber().PublishAsync(RedisChannel.Literal("ws:measured-user"), "hello");
        foreach (var socket in new[] { first, second })
        {
            Assert.Equal("hello", await socket.ReadTextAsync());
            await socket.CloseAsync();
        }

        await using var admin = await SocketClient.ConnectAsync(_suite.SocketAddress($"/ws/admin?token={Operator}"));
        var pages = new Dictionary<string, MetricsPage>(StringComparer.Ordinal);
        using var gateway = AnyReplica();
        await Eventually.TrueAsync(
            async () =>
            {
                var text = await gateway.GetStringAsync(new Uri("/metrics", UriKind.Relative));
                Assert.DoesNotContain("measured-user", text, StringComparison.Ordinal);
                var page = MetricsPage.Parse(text);
                pages[page.Lines.Single(line => line.Name == "target_info").Labels["replica"]] = page;
                return pages.Keys.Order().SequenceEqual(new[] { first.Replica, second.Replica }.Order())
                    && pages.Values.Any(scraped => scraped.Types.ContainsKey("lms_websocket_connections_active"));
            },
            "both replicas were scraped",
            details: () => string.Join(' ', pages.Keys)
        );

        foreach (var page in pages.Values)
        {
            Assert.Equal("counter", page.Types["websocket_connections_total"]);
            Assert.Equal(["status"], page.LabelsOf("websocket_connections_total"));
            Assert.True(page.Value("websocket_connections_total", ("status", "accepted")) >= 1);
            Assert.Equal("gauge", page.Types["websocket_active_connections"]);
            Assert.Empty(page.LabelsOf("websocket_active_connections"));
            Assert.True(page.Value("websocket_messages_sent_total") >= 1);
            Assert.Equal("histogram", page.Types["websocket_connection_duration_seconds"]);
            Assert.Equal(["le"], page.LabelsOf("websocket_connection_duration_seconds_bucket"));
            Assert.True(page.Value("websocket_connection_duration_seconds_count") >= 1);
            Assert.True(page.Types.ContainsKey("http_server_request_duration_seconds"));
        }
    }

    [Fact]
    public async Task The_health_paths_answer_as_the_documents_print_them()
    {
        using var gateway = AnyReplica();
        Assert.Equal("healthy", (await GetAsync(gateway, "/healthz")).GetProperty("status").GetString());
        Assert.Equal("healthy", (await GetAsync(gateway, "/healthz/redis")).GetProperty("status").GetString());
        var sockets = await GetAsync(gateway, "/healthz/websocket");
        Assert.Equal(
            ["status", "total_connections", "total_users"],
            sockets.EnumerateObject().Select(field => field.Name)
        );

        var orderId = Guid.NewGuid().ToString();
        await using var redis = await _suite.RedisAsync();
        await redis.GetDatabase().HashSetAsync("order:" + orderId, "state", """{"user_id":"buyer-of-health"}""");
        await using var order = await SocketClient.ConnectAsync(
            _suite.SocketAddress($"/api/v1/ws/orders/{orderId}?token={_suite.TokenFor("buyer-of-health")}")
        );
        await order.ReadUntilAsync("connection_established");

        var health = default(JsonElement);
        await Eventually.TrueAsync(
            async () =>
            {
                health = await GetAsync(gateway, "/api/v1/ws/health");
                return health.GetProperty("channel_details").TryGetProperty("order_" + orderId, out _);
            },
            "the order's channel is listed",
            details: () => health.ToString()
        );
        Assert.Equal(
            ["status", "redis_status", "active_channels", "total_connections", "channel_details"],
            health.EnumerateObject().Select(field => field.Name)
        );
        Assert.Equal("healthy", health.GetProperty("status").GetString());
        Assert.Equal("healthy", health.GetProperty("redis_status").GetString());
        var details = health.GetProperty("channel_details");
        Assert.Equal(1, details.GetProperty("order_" + orderId).GetInt32());
        Assert.Equal(
            details.EnumerateObject().Select(channel => channel.Name),
            health.GetProperty("active_channels").EnumerateArray().Select(channel => channel.GetString())
        );
        Assert.Equal(
            details.EnumerateObject().Sum(channel => channel.Value.GetInt32()),
            health.GetProperty("total_connections").GetInt32()
        );
        Assert.DoesNotContain("buyer-of-health", health.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_the_gateway_sends_is_what_its_asyncapi_document_says()
    {
        using var gateway = _suite.Gateway();
        var document = await GetAsync(gateway, "/asyncapi.json");
        Assert.Equal("3.0.0", document.GetProperty("asyncapi").GetString());
        var check = new SchemaCheck(document);

        await using var socket = await SocketClient.ConnectAsync(
            _suite.SocketAddress($"/ws?token={_suite.TokenFor("documented")}")
        );
        Assert.Empty(check.Message("connection", await socket.ReadAsync()));
        Assert.Empty(check.Message("connected", await socket.ReadAsync()));
        Assert.Empty(check.Message("initialState", await socket.ReadAsync()));
        await socket.SendAsync("ping");
        Assert.Empty(check.Message("pong", await socket.ReadAsync()));
        await socket.SendAsync("""{"type":"subscribe","topics":["inventory","books"]}""");
        Assert.Empty(check.Message("subscription", await socket.ReadAsync()));
        await socket.SendAsync("{}");
        Assert.Empty(check.Message("error", await socket.ReadAsync()));

        await using var products = await SocketClient.ConnectAsync(
            _suite.SocketAddress($"/api/v1/ws/products?token={_suite.TokenFor("documented")}")
        );
        Assert.Empty(check.Message("productsEstablished", await products.ReadAsync()));

        // What the document gives as examples is published, and comes back as a frame of the document.
        (string Topic, string Record, string Audience, string Type, string Frame)[] events =
        [
            ("task-updates", "taskUpdateRecord", "user:documented", "task_update", "taskUpdate"),
            ("notifications", "notificationCreatedRecord", "user:documented", "notification", "notificationCreated"),
            ("product-events", "inventoryUpdatedRecord", "topic:products", "inventory_updated", "inventoryUpdated"),
        ];
        foreach (var (topic, record, audience, type, frame) in events)
        {
            var example = document
                .GetProperty("components")
                .GetProperty("messages")
                .GetProperty(record)
                .GetProperty("examples")[0]
                .GetProperty("payload");
            await _suite.PublishAsync(
                topic,
                example.GetProperty("type").GetString()!,
                example.GetProperty("data"),
                audience
            );
            Assert.Empty(check.Message(frame, await socket.ReadUntilAsync(type)));
        }

        Assert.Empty(check.Message("inventoryUpdated", await products.ReadAsync()));
        await _suite.PublishAsync("notifications", "deployment.finished", new { version = 1 }, "user:documented");
        Assert.Empty(check.Message("published", await socket.ReadUntilAsync("deployment.finished")));
    }

    [Fact]
    public async Task Connections_and_channels_of_all_replicas_are_listed_page_by_page_without_tokens()
    {
        var (first, second) = await _suite.ConnectToBothReplicasAsync("listed");
        await using var firstSocket = first;
        await using var secondSocket = second;
        using var gateway = AsOperator();

        var all = await GetAsync(gateway, "/api/v1/ws/admin/connections?user_id=listed");
        var items = all.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(2, all.GetProperty("replicas").GetInt32());
        Assert.Equal(2, all.GetProperty("answered").GetInt32());
        Assert.Equal(
            new[] { first.Replica, second.Replica }.Order(),
            items.Select(item => item.GetProperty("replica").GetString()!).Order()
        );
        Assert.All(items, item => Assert.Equal("listed", item.GetProperty("user_id").GetString()));
        Assert.All(items, item => Assert.Equal("user", item.GetProperty("surface").GetString()));
        Assert.All(items, item => Assert.Contains("user:listed", Texts(item.GetProperty("channels"))));
        Assert.DoesNotContain("token", all.ToString(), StringComparison.OrdinalIgnoreCase);

        var paged = new List<string>();
        string? cursor = null;
        do
        {
            var page = await GetAsync(gateway, $"/api/v1/ws/admin/connections?user_id=listed&limit=1&cursor={cursor}");
            paged.AddRange(
                page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("client_id").GetString()!)
            );
            cursor = page.GetProperty("next_cursor").GetString();
        } while (cursor is not null);
        Assert.Equal(items.Select(item => item.GetProperty("client_id").GetString()), paged);

        var channels = new Dictionary<string, int>(StringComparer.Ordinal);
        do
        {
            var page = await GetAsync(gateway, $"/api/v1/ws/admin/channels?limit=2&cursor={cursor}");
            foreach (var channel in page.GetProperty("items").EnumerateArray())
            {
                channels.Add(
                    channel.GetProperty("channel").GetString()!,
                    channel.GetProperty("connections").GetInt32()
                );
            }

            cursor = page.GetProperty("next_cursor").GetString();
        } while (cursor is not null);
        Assert.Equal(2, channels["user:listed"]);
    }

    [Theory]
    [InlineData("users/disconnected")]
    [InlineData("channels/user:disconnected")]
    public async Task An_operator_disconnects_on_all_replicas_within_a_second(string what)
    {
        var (first, second) = await _suite.ConnectToBothReplicasAsync("disconnected");
        await using var firstSocket = first;
        await using var secondSocket = second;
        await using var bystander = await _suite.ConnectAsync("bystander");
        using var gateway = AsOperator();
        await GetAsync(gateway, "/api/v1/ws/admin/channels");

        var started = Stopwatch.GetTimestamp();
        var answer = await DeleteAsync(gateway, "/api/v1/ws/admin/" + what, HttpStatusCode.OK);
        await Task.WhenAll(first.ReadToEndAsync(), second.ReadToEndAsync());
        var took = Stopwatch.GetElapsedTime(started);

        Assert.Equal(2, answer.GetProperty("closed").GetInt32());
        Assert.Equal(2, answer.GetProperty("answered").GetInt32());
        Assert.Equal(4020, first.CloseCode);
        Assert.Equal(4020, second.CloseCode);
        Assert.True(took < Second, $"It took {took}.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{took.TotalMilliseconds:F0} ms");
        await bystander.SendAsync("ping");
        Assert.Equal("pong", (await bystander.ReadAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task An_operator_disconnects_one_connection_wherever_it_is()
    {
        var (first, second) = await _suite.ConnectToBothReplicasAsync("one-of-two");
        await using var firstSocket = first;
        await using var secondSocket = second;
        using var gateway = AsOperator();
        var page = await GetAsync(gateway, "/api/v1/ws/admin/connections?user_id=one-of-two");
        var clientId = page.GetProperty("items")
            .EnumerateArray()
            .Single(item => item.GetProperty("replica").GetString() == second.Replica)
            .GetProperty("client_id")
            .GetString();

        await DeleteAsync(gateway, "/api/v1/ws/admin/connections/" + clientId, HttpStatusCode.OK);
        await second.ReadToEndAsync();
        Assert.Equal(4020, second.CloseCode);
        await first.SendAsync("ping");
        Assert.Equal("pong", (await first.ReadAsync()).GetProperty("type").GetString());
        await DeleteAsync(gateway, "/api/v1/ws/admin/connections/" + Guid.NewGuid(), HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("GET", "connections")]
    [InlineData("GET", "channels")]
    [InlineData("DELETE", "connections/1")]
    [InlineData("DELETE", "users/user1")]
    [InlineData("DELETE", "channels/products")]
    public async Task Only_admins_may(string method, string path)
    {
        var address = new Uri("/api/v1/ws/admin/" + path, UriKind.Relative);
        using var gateway = _suite.Gateway();
        using var anonymous = new HttpRequestMessage(new HttpMethod(method), address);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.SendAsync(anonymous)).StatusCode);
        using var asUser = new HttpRequestMessage(new HttpMethod(method), address);
        asUser.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _suite.TokenFor("user1", "user"));
        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.SendAsync(asUser)).StatusCode);
    }

    [Theory]
    [InlineData("connections?limit=0")]
    [InlineData("connections?limit=201")]
    [InlineData("channels?cursor=!")]
    public async Task A_bad_page_is_refused(string query)
    {
        using var gateway = AsOperator();
        using var response = await gateway.GetAsync(new Uri("/api/v1/ws/admin/" + query, UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private string Operator => _suite.TokenFor("operator", "admin");

    /// <summary>Each request takes a connection of its own, and so the next replica.</summary>
    private HttpClient AnyReplica()
    {
        var client = _suite.Gateway();
        client.DefaultRequestHeaders.ConnectionClose = true;
        return client;
    }

    private HttpClient AsOperator()
    {
        var client = AnyReplica();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Operator);
        return client;
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) =>
        await client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));

    private static async Task<JsonElement> DeleteAsync(HttpClient client, string path, HttpStatusCode expected)
    {
        using var response = await client.DeleteAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(expected, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static IEnumerable<string?> Texts(JsonElement array) =>
        array.EnumerateArray().Select(item => item.GetString());
}
