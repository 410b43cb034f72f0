using System.Net;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Api.Tests;

public sealed class OrderTests(ApiFixture fixture) : IAsyncLifetime
{
    private readonly HttpClient _buyer = fixture.Api.ClientOf("buyer-1", "user");
    private readonly HttpClient _staff = fixture.Api.ClientOf("warehouse", "service");
    private readonly HttpClient _admin = fixture.Api.ClientOf("shopkeeper", "admin");
    private string _product = "";

    public async ValueTask InitializeAsync()
    {
        var product = await _admin.AddAsync(
            "/api/products",
            new
            {
                sku = "S",
                name = "N",
                price = 19.95m,
                quantity = 1,
            }
        );
        _product = product.GetProperty("id").GetString()!;
    }

    [Fact]
    public async Task An_order_goes_its_way_and_every_step_is_told_as_the_documents_print_it()
    {
        var order = await PlaceAsync();
        var id = order.GetProperty("id").GetString()!;
        Assert.Equal("buyer-1", order.GetProperty("user_id").GetString());
        Assert.Equal(39.90m, order.GetProperty("total").GetDecimal());

        await _staff.CallAsync(HttpMethod.Patch, $"/api/orders/{id}/payment", new { status = "paid" });
        await _staff.CallAsync(HttpMethod.Patch, $"/api/orders/{id}/status", new { status = "processing" });
        var shipped = await _staff.CallAsync(
            HttpMethod.Post,
            $"/api/orders/{id}/ship",
            new { tracking_number = "0034", carrier = "DHL" }
        );
        Assert.Equal("0034", shipped.GetProperty("tracking_number").GetString());
        await _staff.CallAsync(HttpMethod.Post, $"/api/orders/{id}/deliver");
        await _staff.CallAsync(HttpMethod.Patch, $"/api/orders/{id}/payment", new { status = "refunded" });

        var events = await fixture.EventsAsync("order-events", id, 8);
        Assert.Equal(
            [
                $$"""order_created order_id={{id}} user_id=buyer-1 status=pending payment_status=pending items=[{"product_id":"{{_product}}","quantity":2}]""",
                $"payment_status_changed order_id={id} old_status=pending new_status=paid",
                $"order_status_changed order_id={id} old_status=pending new_status=processing",
                $"order_status_changed order_id={id} old_status=processing new_status=shipped",
                $"order_shipped order_id={id} old_status=processing new_status=shipped tracking_number=0034 carrier=DHL",
                $"order_status_changed order_id={id} old_status=shipped new_status=delivered",
                $"order_delivered order_id={id} old_status=shipped new_status=delivered",
                $"payment_status_changed order_id={id} old_status=paid new_status=refunded",
            ],
            events.Facts()
        );
        Assert.All(events, told => Assert.Equal("user:buyer-1", told.GetProperty("audience").GetString()));
    }

    [Fact]
    public async Task A_cancelled_order_says_why_and_cannot_be_paid_any_more()
    {
        var id = (await PlaceAsync()).GetProperty("id").GetString()!;
        await _staff.CallAsync(HttpMethod.Post, $"/api/orders/{id}/cancel", new { reason = "Ordered twice" });
        await _staff.CallAsync(
            HttpMethod.Patch,
            $"/api/orders/{id}/payment",
            new { status = "paid" },
            HttpStatusCode.Conflict
        );
        var events = await fixture.EventsAsync("order-events", id, 3);
        Assert.Equal(
            $"order_cancelled order_id={id} old_status=pending new_status=cancelled reason=Ordered twice",
            events.Facts().Last()
        );
    }

    [Theory]
    [InlineData("", "shipped", "processing,cancelled")]
    [InlineData("", "delivered", "processing,cancelled")]
    [InlineData("", "pending", "processing,cancelled")]
    [InlineData("processing", "delivered", "shipped,cancelled")]
    [InlineData("processing,shipped", "cancelled", "delivered")]
    [InlineData("processing,shipped,delivered", "processing", "")]
    [InlineData("cancelled", "processing", "")]
    public async Task A_step_that_is_not_legal_is_refused_with_those_that_are(string way, string step, string allowed)
    {
        var id = (await PlaceAsync()).GetProperty("id").GetString()!;
        foreach (var status in way.Split(',', StringSplitOptions.RemoveEmptyEntries))
        {
            await _admin.CallAsync(HttpMethod.Patch, $"/api/orders/{id}/status", new { status });
        }

        var problem = await _admin.CallAsync(
            HttpMethod.Patch,
            $"/api/orders/{id}/status",
            new { status = step },
            HttpStatusCode.Conflict
        );
        Assert.Equal(
            allowed.Split(',', StringSplitOptions.RemoveEmptyEntries),
            problem.GetProperty("allowed").EnumerateArray().Select(status => status.GetString())
        );
    }

    [Theory]
    [InlineData("/ship")]
    [InlineData("/deliver")]
    public async Task A_pending_order_neither_leaves_nor_arrives(string step)
    {
        var id = (await PlaceAsync()).GetProperty("id").GetString()!;
        await _staff.CallAsync(
            HttpMethod.Post,
            $"/api/orders/{id}{step}",
            step == "/ship" ? new { tracking_number = "1", carrier = "c" } : null,
            HttpStatusCode.Conflict
        );
    }

    [Fact]
    public async Task Of_many_cancellations_and_shipments_at_once_one_wins()
    {
        var id = (await PlaceAsync()).GetProperty("id").GetString()!;
        await _staff.CallAsync(HttpMethod.Patch, $"/api/orders/{id}/status", new { status = "processing" });
        var statuses = await Task.WhenAll(
            Enumerable
                .Range(0, 20)
                .Select(async i =>
                {
                    using var content = System.Net.Http.Json.JsonContent.Create(
                        new { tracking_number = $"{i}", carrier = "c" }
                    );
                    var step = i % 2 == 0 ? "ship" : "cancel";
                    using var answer = await _staff.PostAsync($"/api/orders/{id}/{step}", content);
                    return answer.StatusCode;
                })
        );
        Assert.Single(statuses, status => status == HttpStatusCode.OK);
        Assert.Equal(19, statuses.Count(status => status == HttpStatusCode.Conflict));
        await fixture.EventsAsync("order-events", id, 4);
    }

    [Fact]
    public async Task Owners_see_their_orders_and_strangers_do_not()
    {
        var id = (await PlaceAsync()).GetProperty("id").GetString()!;
        using var stranger = fixture.Api.ClientOf("stranger", "user");
        await stranger.CallAsync(HttpMethod.Get, $"/api/orders/{id}", null, HttpStatusCode.NotFound);
        await _buyer.CallAsync(HttpMethod.Get, $"/api/orders/{id}");
        await _admin.CallAsync(HttpMethod.Get, $"/api/orders/{id}");
        var mine = await _buyer.CallAsync(HttpMethod.Get, "/api/orders");
        Assert.Contains(mine.GetProperty("items").EnumerateArray(), o => o.GetProperty("id").GetString() == id);
        var theirs = await stranger.CallAsync(HttpMethod.Get, "/api/orders");
        Assert.Empty(theirs.GetProperty("items").EnumerateArray());
        await _buyer.CallAsync(HttpMethod.Post, $"/api/orders/{id}/cancel", null, HttpStatusCode.Forbidden);
    }

    [Fact]
    public async Task What_cannot_be_had_cannot_be_ordered()
    {
        await _admin.CallAsync(HttpMethod.Patch, $"/api/products/{_product}/status", new { status = "inactive" });
        var problem = await _buyer.CallAsync(
            HttpMethod.Post,
            "/api/orders",
            new { items = new[] { Line(_product), Line(Guid.NewGuid().ToString()) } },
            HttpStatusCode.BadRequest
        );
        Assert.Equal(["items[0].product_id", "items[1].product_id"], problem.Fields());
    }

    [Theory]
    [InlineData("{}", "items")]
    [InlineData("""{"items":[]}""", "items")]
    [InlineData("""{"items":[null]}""", "items[0].product_id", "items[0].quantity")]
    [InlineData("""{"items":[{"product_id":"7","quantity":1}]}""", "items[0].product_id")]
    [InlineData(
        """{"items":[{"product_id":"123e4567-e89b-12d3-a456-426614174000","quantity":0}]}""",
        "items[0].quantity"
    )]
    public async Task A_bad_order_is_refused_with_the_names_of_the_fields(string body, params string[] fields)
    {
        var problem = await _buyer.CallAsync(
            HttpMethod.Post,
            "/api/orders",
            JsonElement.Parse(body),
            HttpStatusCode.BadRequest
        );
        Assert.Equal(fields, problem.Fields());
    }

    public ValueTask DisposeAsync()
    {
        _buyer.Dispose();
        _staff.Dispose();
        _admin.Dispose();
        return ValueTask.CompletedTask;
    }

    private Task<JsonElement> PlaceAsync() => _buyer.AddAsync("/api/orders", new { items = new[] { Line(_product) } });

    private static object Line(string productId) => new { product_id = productId, quantity = 2 };
}
