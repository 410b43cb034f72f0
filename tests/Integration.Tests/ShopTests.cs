using System.Net.Http.Json;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>What is done over REST arrives on every socket that may see it, as the documents print it, and is notified to whom it concerns.</summary>
public sealed class ShopTests(SuiteFixture fixture)
{
    private static readonly string[] StatusFields = Printed.PublishedFields("order_service.py");
    private static readonly string[] StockFields = Printed.PublishedFields("product_service.py");

    private readonly Suite _suite = fixture.Suite;
    private readonly Shop _shop = new(fixture.Suite);
    private readonly string _buyer = "buyer-" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task An_order_that_is_moved_on_over_rest_arrives_on_its_sockets_and_on_its_owners()
    {
        await using var everything = await ConnectToOrdersAsync();
        var orderId = await _shop.PlaceOrderAsync(_buyer);
        var placed = DataOf(await NextAsync(everything, "order_created"));
        Assert.Equal(orderId, Text(placed, "order_id"));
        Assert.Equal(_buyer, Text(placed, "user_id"));

        await using var owner = await _shop.WatchOrderAsync(orderId, _buyer);
        await using var admin = await _shop.WatchOrderAsync(orderId, Shop.Admin, "admin");
        SocketClient[] sockets = [owner, admin, everything];
        var order = "/api/orders/" + orderId;
        using var staff = await _shop.ApiAsAdminAsync();

        await staff.CallAsync(HttpMethod.Patch, order + "/status", new { status = "processing" });
        await AllGetAsync(sockets, orderId, "order_status_changed", "pending", "processing");
        await staff.CallAsync(HttpMethod.Patch, order + "/payment", new { status = "paid" });
        await AllGetAsync(sockets, orderId, "payment_status_changed", "pending", "paid");

        await staff.CallAsync(HttpMethod.Post, order + "/ship", new { tracking_number = "T-1", carrier = "Post" });
        await AllGetAsync(sockets, orderId, "order_status_changed", "processing", "shipped");
        foreach (var data in await AllGetAsync(sockets, orderId, "order_shipped", "processing", "shipped"))
        {
            Assert.Equal("T-1", Text(data, "tracking_number"));
            Assert.Equal("Post", Text(data, "carrier"));
        }

        await staff.CallAsync(HttpMethod.Post, order + "/deliver");
        await AllGetAsync(sockets, orderId, "order_status_changed", "shipped", "delivered");
        await AllGetAsync(sockets, orderId, "order_delivered", "shipped", "delivered");

        await NotifiedAsync(_buyer, [], orderId, "Order shipped", "info", "orders");
        await NotifiedAsync(_buyer, [], orderId, "Order delivered", "success", "orders");
    }

    [Fact]
    public async Task An_order_that_is_cancelled_over_rest_tells_why_and_the_owner_is_notified_on_the_socket_too()
    {
        var orderId = await _shop.PlaceOrderAsync(_buyer);
        await using var owner = await _shop.WatchOrderAsync(orderId, _buyer);
        await using var everything = await _suite.ConnectAsync(_buyer);
        using var staff = await _shop.ApiAsAdminAsync();
        await staff.CallAsync(HttpMethod.Post, $"/api/orders/{orderId}/cancel", new { reason = "Sold out" });

        await AllGetAsync([owner], orderId, "order_status_changed", "pending", "cancelled");
        var data = await AllGetAsync([owner], orderId, "order_cancelled", "pending", "cancelled");
        Assert.Equal("Sold out", Text(data.Single(), "reason"));

        var notified = await NotifiedAsync(_buyer, [], orderId, "Order cancelled", "warning", "orders");
        Assert.Contains("Sold out", Text(notified, "message"), StringComparison.Ordinal);
        var frame = await everything.ReadUntilAsync("notification");
        Assert.Equal("created", Text(frame, "action"));
        Assert.Equal(Text(notified, "id"), Text(DataOf(frame), "id"));
    }

    [Fact]
    public async Task A_product_that_is_changed_over_rest_arrives_on_the_products_sockets_and_low_stock_is_notified()
    {
        var sku = "lamp-" + _buyer;
        await using var socket = await _shop.WatchProductsAsync(_buyer);
        var productId = await _shop.AddProductAsync(sku);

        // Products of other tests may still arrive.
        var first = await socket.ReadUntilAsync(frame => Text(DataOf(frame), "product_id") == productId);
        Assert.Equal("product_created", Text(first, "type"));
        var created = DataOf(first);
        Assert.Equal(["product_id", "sku", "name", "price", "quantity", "status", "timestamp"], created.Fields());
        Assert.Equal(productId, Text(created, "product_id"));
        Assert.Equal(9.5m, created.GetProperty("price").GetDecimal());

        var product = "/api/products/" + productId;
        using var staff = await _shop.ApiAsAdminAsync();
        await staff.CallAsync(HttpMethod.Patch, product + "/inventory", new { quantity = 5 });
        var stock = DataOf(await NextAsync(socket, "inventory_updated"));
        Assert.Equal(StockFields, stock.Fields());
        Assert.Equal((productId, sku), (Text(stock, "product_id"), Text(stock, "sku")));
        Assert.Equal(20, stock.GetProperty("old_quantity").GetInt32());
        Assert.Equal(5, stock.GetProperty("new_quantity").GetInt32());

        await staff.CallAsync(HttpMethod.Patch, product + "/price", new { price = 10.25m });
        var price = DataOf(await NextAsync(socket, "price_updated"));
        Assert.Equal(["product_id", "sku", "old_price", "new_price", "timestamp"], price.Fields());
        Assert.Equal(9.5m, price.GetProperty("old_price").GetDecimal());
        Assert.Equal(10.25m, price.GetProperty("new_price").GetDecimal());

        await staff.CallAsync(HttpMethod.Patch, product + "/status", new { status = "inactive" });
        var status = DataOf(await NextAsync(socket, "product_status_changed"));
        Assert.Equal(["product_id", "sku", "old_status", "new_status", "timestamp"], status.Fields());
        Assert.Equal(("active", "inactive"), (Text(status, "old_status"), Text(status, "new_status")));

        await NotifiedAsync(Shop.Admin, ["admin"], sku, "Low stock", "warning", "inventory");
    }

    [Fact]
    public async Task A_book_that_is_borrowed_and_returned_over_rest_arrives_on_the_admins_socket()
    {
        var title = "Book of " + _buyer;
        using var staff = await _shop.ApiAsAdminAsync();
        var book = await staff.AddAsync(
            "/api/books",
            new
            {
                title,
                genre = "Fiction",
                shelf_location = "A1",
            }
        );
        var id = book.GetProperty("id").GetInt64();
        await using var admin = await _suite.ConnectAsAdminAsync();

        using var reader = _suite.ApiAs(_buyer);
        await reader.CallAsync(HttpMethod.Post, $"/api/books/{id}/borrow");
        await GetsAsync(available: false);
        await reader.CallAsync(HttpMethod.Post, $"/api/books/{id}/return");
        await GetsAsync(available: true);
        await NotifiedAsync(Shop.Admin, ["admin"], title, "Book returned", "info", "books");

        async Task GetsAsync(bool available)
        {
            JsonElement frame;
            do
            {
                frame = await admin.ReadAsync();
            } while (frame.GetProperty("book_id").GetInt64() != id);
            Assert.Equal([.. Printed.Fields("book_update.json"), "meta"], frame.Fields());
            Assert.Equal("book_update", Text(frame, "event"));
            Assert.Equal(
                (title, "Fiction", "A1"),
                (Text(frame, "title"), Text(frame, "genre"), Text(frame, "shelf_location"))
            );
            Assert.Equal(available, frame.GetProperty("available").GetBoolean());
        }
    }

    private async Task<SocketClient> ConnectToOrdersAsync()
    {
        var socket = await _suite.ConnectAsync(_buyer);
        await socket.SendAsync("""{"type":"subscribe","topics":["orders"]}""");
        await socket.ReadUntilAsync("subscription");
        return socket;
    }

    /// <summary>All sockets get the frame next; its data begin with the fields of the document.</summary>
    private static async Task<List<JsonElement>> AllGetAsync(
        SocketClient[] sockets,
        string orderId,
        string type,
        string from,
        string to
    )
    {
        var all = new List<JsonElement>();
        foreach (var socket in sockets)
        {
            var data = DataOf(await NextAsync(socket, type));
            Assert.Equal(StatusFields, data.Fields().Intersect(StatusFields, StringComparer.Ordinal));
            Assert.Equal(
                (orderId, from, to),
                (Text(data, "order_id"), Text(data, "old_status"), Text(data, "new_status"))
            );
            all.Add(data);
        }

        return all;
    }

    /// <summary>The next frame besides notifications, which come by a way of their own.</summary>
    private static async Task<JsonElement> NextAsync(SocketClient socket, string type)
    {
        JsonElement frame;
        do
        {
            frame = await socket.ReadAsync();
        } while (Text(frame, "type") is "notification" || IsLate(frame, type));
        Assert.Equal(["type", "data", "meta"], frame.Fields());
        Assert.Equal(type, Text(frame, "type"));
        return frame;
    }

    /// <summary>A socket that opens right after the order was placed may still get that event.</summary>
    private static bool IsLate(JsonElement frame, string type) =>
        Text(frame, "type") == "order_created" && type != "order_created";

    /// <summary>Waits for the notification that speaks of something.</summary>
    private async Task<JsonElement> NotifiedAsync(
        string userId,
        string[] roles,
        string about,
        string title,
        string level,
        string category
    )
    {
        using var client = _suite.NotificationsAs(userId, roles);
        JsonElement[] found = [];
        await Eventually.TrueAsync(
            async () =>
            {
                var page = await client.GetFromJsonAsync<JsonElement>("/api/notifications?limit=200");
                found =
                [
                    .. page.GetProperty("items")
                        .EnumerateArray()
                        .Where(item =>
                            Text(item, "title") == title
                            && Text(item, "message").Contains(about, StringComparison.Ordinal)
                        ),
                ];
                return found.Length > 0;
            },
            $"{userId} is notified: {title}"
        );
        var notification = Assert.Single(found);
        Assert.Equal((level, category), (Text(notification, "level"), Text(notification, "category")));
        Assert.False(notification.GetProperty("read").GetBoolean());
        return notification;
    }

    private static JsonElement DataOf(JsonElement frame) => frame.GetProperty("data");

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
