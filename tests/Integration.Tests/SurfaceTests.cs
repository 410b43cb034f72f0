using System.Net.WebSockets;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>Each kind of socket, with the frames and refusals that its document prints.</summary>
public sealed class SurfaceTests(SuiteFixture fixture)
{
    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task Admins_see_every_book_flat_and_any_text_is_a_sign_of_life()
    {
        await using var admin = await _suite.ConnectAsAdminAsync();
        await admin.SendAsync("ping");
        await admin.SendAsync("anything at all");
        await _suite.PublishAsync(
            "book-updates",
            "book_update",
            new
            {
                @event = "book_update",
                book_id = 1,
                title = "Example Book",
                available = false,
                genre = "Fiction",
                shelf_location = "A1",
            }
        );

        var frame = await admin.ReadAsync();
        Assert.Equal(
            ["event", "book_id", "title", "available", "genre", "shelf_location", "meta"],
            frame.EnumerateObject().Select(field => field.Name)
        );
        Assert.Equal("book_update", frame.GetProperty("event").GetString());
        Assert.Equal(1, frame.GetProperty("book_id").GetInt32());
    }

    [Theory]
    [InlineData("", "401")]
    [InlineData("?token=nonsense", "401")]
    [InlineData("?token={user}", "403")]
    public async Task The_admin_socket_refuses_before_the_upgrade(string query, string status)
    {
        var address = _suite.SocketAddress(
            "/ws/admin" + query.Replace("{user}", _suite.TokenFor("user1", "user"), StringComparison.Ordinal)
        );
        var refusal = await Assert.ThrowsAsync<WebSocketException>(() => SocketClient.ConnectAsync(address));
        Assert.Contains(status, refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_owner_of_an_order_and_admins_see_its_events()
    {
        var orderId = await StoreOrderAsync(owner: "buyer");
        await using var owner = await OrderSocketAsync(orderId, _suite.TokenFor("buyer"));
        await using var admin = await OrderSocketAsync(orderId.ToUpperInvariant(), Admin);
        await using var anywhere = await _suite.ConnectAsync("buyer");
        await anywhere.SendAsync("""{"type":"subscribe","topics":["orders"]}""");
        await anywhere.ReadUntilAsync("subscription");

        await _suite.PublishAsync(
            "order-events",
            "order_status_changed",
            new
            {
                order_id = orderId,
                user_id = "buyer",
                old_status = "processing",
                new_status = "shipped",
                timestamp = "2026-02-07T12:00:00.000Z",
            }
        );
        foreach (var socket in new[] { owner, admin, anywhere })
        {
            var frame = await socket.ReadAsync();
            Assert.Equal(["type", "data", "meta"], frame.EnumerateObject().Select(field => field.Name));
            Assert.Equal("order_status_changed", frame.GetProperty("type").GetString());
            Assert.Equal("shipped", frame.GetProperty("data").GetProperty("new_status").GetString());
        }
    }

    [Fact]
    public async Task An_orders_socket_refuses_with_the_codes_of_the_document_in_their_order()
    {
        var orderId = await StoreOrderAsync(owner: "buyer");
        var missing = Guid.NewGuid().ToString();
        var stranger = _suite.TokenFor("stranger");
        (string Id, string Token, int Code)[] cases =
        [
            ("no-uuid", "nonsense", 4000),
            ("no-uuid", Admin, 4000),
            (orderId, "nonsense", 4001),
            (orderId, stranger, 4003),
            (missing, stranger, 4003),
            (missing, Admin, 4004),
        ];
        foreach (var (id, token, code) in cases)
        {
            await using var socket = await SocketClient.ConnectAsync(
                _suite.SocketAddress($"/api/v1/ws/orders/{id}?token={token}")
            );
            Assert.Null(await socket.ReadTextAsync());
            Assert.Equal(code, socket.CloseCode);
        }
    }

    [Fact]
    public async Task Everyone_signed_in_sees_products_and_stock()
    {
        // Products of other tests may still arrive.
        var productId = "p-" + Guid.NewGuid().ToString("N");
        await using var socket = await SocketClient.ConnectAsync(
            _suite.SocketAddress($"/api/v1/ws/products?token={_suite.TokenFor("shopper")}")
        );
        Assert.Equal("connection_established", (await socket.ReadAsync()).GetProperty("type").GetString());

        await _suite.PublishAsync(
            "product-events",
            "inventory_updated",
            new
            {
                product_id = productId,
                sku = "S",
                old_quantity = 10,
                new_quantity = 5,
            }
        );
        await _suite.PublishAsync("product-events", "price_updated", new { product_id = productId, new_price = 9.5 });
        var stock = await socket.ReadUntilAsync(IsOwn);
        Assert.Equal("inventory_updated", stock.GetProperty("type").GetString());
        Assert.Equal(5, stock.GetProperty("data").GetProperty("new_quantity").GetInt32());
        Assert.Equal("price_updated", (await socket.ReadUntilAsync(IsOwn)).GetProperty("type").GetString());

        bool IsOwn(JsonElement frame) => frame.GetProperty("data").GetProperty("product_id").GetString() == productId;
    }

    [Fact]
    public async Task Notifications_and_their_initial_state_look_as_the_document_prints_them()
    {
        const string Stored =
            """{"id":"n1","title":"T","message":"M","level":"info","category":"system","created_at":"2024-01-01T00:00:00.000Z","read":false}""";
        await using var redis = await _suite.RedisAsync();
        var database = redis.GetDatabase();
        await database.SortedSetAddAsync("notifications:reader", "n1", 1);
        await database.HashSetAsync("notifications:reader:items", "n1", Stored);
        await database.StringSetAsync("notifications:reader:unread", 3);

        await using var socket = await SocketClient.ConnectAsync(
            _suite.SocketAddress($"/ws?token={_suite.TokenFor("reader")}")
        );
        var state = (await socket.ReadUntilAsync("initial_state")).GetProperty("data");
        Assert.Equal(3, state.GetProperty("unread_count").GetInt32());
        Assert.Equal(Stored, state.GetProperty("notifications")[0].GetRawText());

        await _suite.PublishAsync(
            "notifications",
            "notification.updated",
            new { id = "n1", read = true },
            "user:reader"
        );
        var frame = await socket.ReadAsync();
        Assert.Equal(["type", "action", "data", "meta"], frame.EnumerateObject().Select(field => field.Name));
        Assert.Equal("updated", frame.GetProperty("action").GetString());
        Assert.Equal("""{"id":"n1","read":true}""", frame.GetProperty("data").GetRawText());
    }

    private string Admin => _suite.TokenFor("boss", "admin");

    private async Task<string> StoreOrderAsync(string owner)
    {
        var orderId = Guid.NewGuid().ToString();
        await using var redis = await _suite.RedisAsync();
        await redis
            .GetDatabase()
            .HashSetAsync("order:" + orderId, "state", JsonSerializer.Serialize(new { user_id = owner }));
        return orderId;
    }

    private async Task<SocketClient> OrderSocketAsync(string orderId, string token)
    {
        var socket = await SocketClient.ConnectAsync(
            _suite.SocketAddress($"/api/v1/ws/orders/{orderId}?token={token}")
        );
        var first = await socket.ReadAsync();
        Assert.Equal("connection_established", first.GetProperty("type").GetString());
        Assert.Equal(orderId.ToLowerInvariant(), first.GetProperty("data").GetProperty("order_id").GetString());
        return socket;
    }
}
