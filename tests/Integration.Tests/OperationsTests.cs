using System.Net.Http.Json;
using System.Text.Json;
using RealtimeSuite.Testing;
using StackExchange.Redis;

namespace RealtimeSuite.Integration.Tests;

/// <summary>What operators see, across two replicas.</summary>
public sealed class OperationsTests(SuiteFixture fixture)
{
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
                    && pages.Values.All(HasCounted)
                    && pages.Values.Any(scraped => scraped.Types.ContainsKey("lms_websocket_connections_active"));
            },
            "both replicas were scraped after they had counted what was done",
            details: () => string.Join(' ', pages.Keys)
        );

        foreach (var page in pages.Values)
        {
            Assert.Equal("counter", page.Types["websocket_connections_total"]);
            Assert.Equal(["status"], page.LabelsOf("websocket_connections_total"));
            Assert.True(page.Value("websocket_connections_total", ("status", "accepted")) >= 1);
            Assert.Equal("gauge", page.Types["websocket_active_connections"]);
            Assert.Empty(page.LabelsOf("websocket_active_connections"));
            Assert.Equal("histogram", page.Types["websocket_connection_duration_seconds"]);
            Assert.Equal(["le"], page.LabelsOf("websocket_connection_duration_seconds_bucket"));
            Assert.True(page.Types.ContainsKey("http_server_request_duration_seconds"));
        }

        // A client has its answer, and its goodbye, a moment before they are counted.
        static bool HasCounted(MetricsPage page) =>
            new[] { "websocket_messages_sent_total", "websocket_connection_duration_seconds_count" }.All(name =>
                page.Lines.Any(line => line.Name == name && line.Value >= 1)
            );
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
        Assert.Empty(check.Message("error", await socket.ReadUntilAsync("error")));

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

        Assert.Empty(check.Message("inventoryUpdated", await products.ReadUntilAsync("inventory_updated")));
        await _suite.PublishAsync("notifications", "deployment.finished", new { version = 1 }, "user:documented");
        Assert.Empty(check.Message("published", await socket.ReadUntilAsync("deployment.finished")));
    }

    private string Operator => _suite.TokenFor("operator", "admin");

    /// <summary>Each request takes a connection of its own, and so the next replica.</summary>
    private HttpClient AnyReplica()
    {
        var client = _suite.Gateway();
        client.DefaultRequestHeaders.ConnectionClose = true;
        return client;
    }

    private static async Task<JsonElement> GetAsync(HttpClient client, string path) =>
        await client.GetFromJsonAsync<JsonElement>(new Uri(path, UriKind.Relative));
}
