using System.Net;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Api.Tests;

public sealed class ProductTests(ApiFixture fixture) : IDisposable
{
    private readonly HttpClient _admin = fixture.Api.ClientOf("shopkeeper", "admin");

    [Fact]
    public async Task Every_change_of_a_product_is_told_as_the_documents_print_it()
    {
        var id = await AddAsync();
        await _admin.CallAsync(HttpMethod.Patch, $"/api/products/{id}/inventory", new { quantity = 5 });
        await _admin.CallAsync(HttpMethod.Patch, $"/api/products/{id}/price", new { price = 39.90m });
        await _admin.CallAsync(HttpMethod.Patch, $"/api/products/{id}/status", new { status = "discontinued" });
        await _admin.CallAsync(
            HttpMethod.Put,
            $"/api/products/{id}",
            new
            {
                sku = "LAMP-01",
                name = "Desk lamp",
                price = 39.90m,
                quantity = 4,
            }
        );
        await _admin.CallAsync(HttpMethod.Delete, $"/api/products/{id}", null, HttpStatusCode.NoContent);

        var events = await fixture.EventsAsync("product-events", id, 7);
        Assert.Equal(
            [
                $"product_created product_id={id} sku=LAMP-01 name=Lamp price=49.90 quantity=10 status=active",
                $"inventory_updated product_id={id} sku=LAMP-01 old_quantity=10 new_quantity=5",
                $"price_updated product_id={id} sku=LAMP-01 old_price=49.90 new_price=39.90",
                $"product_status_changed product_id={id} sku=LAMP-01 old_status=active new_status=discontinued",
                $"product_updated product_id={id} sku=LAMP-01 name=Desk lamp price=39.90 quantity=4 status=discontinued",
                $"inventory_updated product_id={id} sku=LAMP-01 old_quantity=5 new_quantity=4",
                $"product_deleted product_id={id} sku=LAMP-01",
            ],
            events.Facts()
        );
    }

    [Fact]
    public async Task A_change_to_what_is_already_so_is_not_told()
    {
        var id = await AddAsync();
        await _admin.CallAsync(HttpMethod.Patch, $"/api/products/{id}/inventory", new { quantity = 10 });
        await _admin.CallAsync(HttpMethod.Patch, $"/api/products/{id}/price", new { price = 49.9m });
        await _admin.CallAsync(HttpMethod.Patch, $"/api/products/{id}/status", new { status = "active" });
        await _admin.CallAsync(HttpMethod.Patch, $"/api/products/{id}/inventory", new { quantity = 9 });
        Assert.Equal(2, (await fixture.EventsAsync("product-events", id, 2)).Count);
    }

    [Fact]
    public async Task Two_hundred_stock_changes_at_once_give_the_exact_stock_and_an_unbroken_chain_of_events()
    {
        var id = await AddAsync(quantity: 150);
        var statuses = await Task.WhenAll(
            Enumerable
                .Range(0, 200)
                .Select(async _ =>
                {
                    using var content = System.Net.Http.Json.JsonContent.Create(new { change = -1 });
                    using var answer = await _admin.PatchAsync($"/api/products/{id}/inventory", content);
                    return answer.StatusCode;
                })
        );

        Assert.Equal(150, statuses.Count(status => status == HttpStatusCode.OK));
        Assert.Equal(50, statuses.Count(status => status == HttpStatusCode.Conflict));
        var product = await _admin.CallAsync(HttpMethod.Get, $"/api/products/{id}");
        Assert.Equal(0, product.GetProperty("quantity").GetInt32());

        var changes = (await fixture.EventsAsync("product-events", id, 151))
            .Skip(1)
            .Select(told => told.GetProperty("data"))
            .Select(data => (data.GetProperty("old_quantity").GetInt32(), data.GetProperty("new_quantity").GetInt32()));
        Assert.Equal(Enumerable.Range(0, 150).Select(i => (150 - i, 149 - i)), changes);
    }

    [Fact]
    public async Task A_change_from_a_version_that_is_no_more_is_refused()
    {
        var id = await AddAsync();
        using var read = await _admin.GetAsync($"/api/products/{id}");
        var tag = read.Headers.ETag!.Tag;
        await _admin.CallAsync(
            HttpMethod.Patch,
            $"/api/products/{id}/price",
            new { price = 1 },
            HttpStatusCode.OK,
            ifMatch: tag
        );
        await _admin.CallAsync(
            HttpMethod.Patch,
            $"/api/products/{id}/price",
            new { price = 2 },
            HttpStatusCode.PreconditionFailed,
            ifMatch: tag
        );
        await _admin.CallAsync(
            HttpMethod.Delete,
            $"/api/products/{id}",
            null,
            HttpStatusCode.PreconditionFailed,
            ifMatch: tag
        );
        var product = await _admin.CallAsync(HttpMethod.Get, $"/api/products/{id}");
        Assert.Equal(1, product.GetProperty("price").GetDecimal());
    }

    [Fact]
    public async Task A_product_that_is_discontinued_stays_so()
    {
        var id = await AddAsync();
        await _admin.CallAsync(HttpMethod.Patch, $"/api/products/{id}/status", new { status = "discontinued" });
        var problem = await _admin.CallAsync(
            HttpMethod.Patch,
            $"/api/products/{id}/status",
            new { status = "active" },
            HttpStatusCode.Conflict
        );
        Assert.Empty(problem.GetProperty("allowed").EnumerateArray());
    }

    [Theory]
    [InlineData("", """{"sku":"","name":"n","price":-1,"quantity":-1}""", "price", "quantity", "sku")]
    [InlineData("/price", """{"price":1.00001}""", "price")]
    [InlineData("/price", "{}", "price")]
    [InlineData("/inventory", """{"quantity":-1}""", "quantity")]
    [InlineData("/inventory", "{}", "quantity")]
    [InlineData("/inventory", """{"quantity":1,"change":1}""", "quantity")]
    [InlineData("/status", """{"status":"gone"}""", "status")]
    public async Task A_bad_value_is_refused_with_the_name_of_its_field(
        string path,
        string body,
        params string[] fields
    )
    {
        var id = await AddAsync();
        var method = path.Length == 0 ? HttpMethod.Put : HttpMethod.Patch;
        var problem = await _admin.CallAsync(
            method,
            $"/api/products/{id}{path}",
            JsonElement.Parse(body),
            HttpStatusCode.BadRequest
        );
        Assert.Equal(fields, problem.Fields());
    }

    [Fact]
    public async Task Users_read_products_and_do_not_change_them()
    {
        var id = await AddAsync();
        using var user = fixture.Api.ClientOf("buyer", "user");
        await user.CallAsync(HttpMethod.Get, $"/api/products/{id}");
        await user.CallAsync(HttpMethod.Get, "/api/products?limit=1");
        await user.CallAsync(
            HttpMethod.Patch,
            $"/api/products/{id}/price",
            new { price = 0 },
            HttpStatusCode.Forbidden
        );
    }

    public void Dispose() => _admin.Dispose();

    private async Task<string> AddAsync(int quantity = 10)
    {
        var lamp = new
        {
            sku = "LAMP-01",
            name = "Lamp",
            price = 49.90m,
            quantity,
        };
        return (await _admin.AddAsync("/api/products", lamp)).GetProperty("id").GetString()!;
    }
}
