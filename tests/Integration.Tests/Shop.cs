using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>What customers and staff do over REST, and the sockets on which they see it.</summary>
internal sealed class Shop(Suite suite)
{
    /// <summary>The staff.</summary>
    public const string Admin = "admin1";

    /// <summary>A client of the Api for the staff, signed in.</summary>
    public Task<HttpClient> ApiAsAdminAsync() => suite.ApiAsAsync(Admin, "admin123");

    /// <summary>Adds a product of which twenty are in stock; answers its id.</summary>
    public async Task<string> AddProductAsync(string sku)
    {
        using var admin = await ApiAsAdminAsync();
        var product = await admin.AddAsync(
            "/api/products",
            new
            {
                sku,
                name = "Lamp",
                price = 9.5m,
                quantity = 20,
            }
        );
        return IdOf(product);
    }

    /// <summary>Places an order of one product; answers its id.</summary>
    public async Task<string> PlaceOrderAsync(string buyer)
    {
        var productId = await AddProductAsync("of-" + buyer);
        using var client = suite.ApiAs(buyer);
        var order = await client.AddAsync(
            "/api/orders",
            new { items = new[] { new { product_id = productId, quantity = 2 } } }
        );
        return IdOf(order);
    }

    /// <summary>An open socket of the order, past its first frame.</summary>
    public Task<SocketClient> WatchOrderAsync(string orderId, string userId, params string[] roles) =>
        WatchAsync($"/api/v1/ws/orders/{orderId}?token={suite.TokenFor(userId, roles)}");

    /// <summary>An open socket of all products, past its first frame.</summary>
    public Task<SocketClient> WatchProductsAsync(string userId) =>
        WatchAsync($"/api/v1/ws/products?token={suite.TokenFor(userId)}");

    private async Task<SocketClient> WatchAsync(string pathAndQuery)
    {
        var socket = await SocketClient.ConnectAsync(suite.SocketAddress(pathAndQuery));
        Assert.Equal("connection_established", (await socket.ReadAsync()).GetProperty("type").GetString());
        return socket;
    }

    private static string IdOf(JsonElement resource) => resource.GetProperty("id").GetString()!;
}
