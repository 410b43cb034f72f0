using Microsoft.AspNetCore.Http.HttpResults;
using RealtimeSuite.Api.Aggregates;
using RealtimeSuite.Contracts;
using RealtimeSuite.Http;
using RealtimeSuite.Http.Idempotency;
using ChangeAnswer = Microsoft.AspNetCore.Http.HttpResults.Results<
    Microsoft.AspNetCore.Http.HttpResults.Ok<RealtimeSuite.Api.Features.Products.Product>,
    Microsoft.AspNetCore.Http.HttpResults.NotFound,
    Microsoft.AspNetCore.Http.HttpResults.ValidationProblem,
    Microsoft.AspNetCore.Http.HttpResults.ProblemHttpResult
>;

namespace RealtimeSuite.Api.Features.Products;

/// <summary>The products. Every change arrives on the sockets of <c>/api/v1/ws/products</c> and of the topics <c>products</c> and <c>inventory</c>.</summary>
internal static class ProductEndpoints
{
    /// <summary>Registers what the endpoints need.</summary>
    public static void AddProductsFeature(this IHostApplicationBuilder builder) => builder.AddAggregate(Product.Kind);

    /// <summary>Maps <c>/api/products</c>.</summary>
    public static void MapProducts(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/products")
            .WithTags("Products")
            .RequireAuthorization()
            .WithRateLimit()
            .WithIdempotency();
        group.MapGet("/", List).WithName("ListProducts").WithSummary("All products, newest first.");
        group.MapGet("/{id:guid}", Get).WithName("GetProduct").WithSummary("One product.");

        var admins = group.MapGroup("").RequireAuthorization(policy => policy.RequireRole(Roles.Admin));
        admins.MapPost("/", Create).WithName("CreateProduct").WithSummary("Adds a product.");
        admins
            .MapPut("/{id:guid}", Update)
            .WithName("UpdateProduct")
            .WithSummary("Replaces what is said of a product.");
        admins
            .MapPatch("/{id:guid}/inventory", UpdateInventory)
            .WithName("UpdateInventory")
            .WithSummary("Sets the stock, or changes it by a number; never below 0.");
        admins.MapPatch("/{id:guid}/price", UpdatePrice).WithName("UpdatePrice").WithSummary("Sets the price.");
        admins
            .MapPatch("/{id:guid}/status", UpdateStatus)
            .WithName("UpdateProductStatus")
            .WithSummary("Says whether the product can be had.");
        admins.MapDelete("/{id:guid}", Delete).WithName("DeleteProduct").WithSummary("Removes a product.");
    }

    private static async Task<Results<Ok<Page<Product>>, ValidationProblem>> List(
        AggregateStore<Product> products,
        [AsParameters] PageQuery page
    ) =>
        page.Problems() is { Count: > 0 } problems
            ? TypedResults.ValidationProblem(problems)
            : TypedResults.Ok(await products.ListAsync(Product.IndexKey, page.LastId, page.Size));

    private static async Task<Results<Ok<Product>, NotFound>> Get(
        Guid id,
        AggregateStore<Product> products,
        HttpResponse response
    ) => response.Found(await products.FindAsync(id.ToString()), product => product);

    private static async Task<Results<Created<Product>, ValidationProblem>> Create(
        ProductInput input,
        AggregateStore<Product> products,
        TimeProvider clock,
        HttpResponse response
    )
    {
        if (input.Problems() is { Count: > 0 } problems)
        {
            return TypedResults.ValidationProblem(problems);
        }

        var now = clock.GetUtcNow();
        var product = new Product
        {
            Id = Guid.CreateVersion7(now).ToString(),
            Sku = input.Sku!,
            Name = input.Name!,
            Price = input.Price!.Value,
            Quantity = input.Quantity!.Value,
            Status = ProductStatus.Active,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var added =
            await products.TryAddAsync(product, ProductEvents.Created(product, now))
            ?? throw new InvalidOperationException($"The new product id {product.Id} exists already.");
        return response.Added($"/api/products/{product.Id}", added.Version, product);
    }

    private static Task<ChangeAnswer> Update(
        Guid id,
        ProductInput input,
        IfMatch ifMatch,
        AggregateStore<Product> products,
        HttpResponse response
    ) =>
        response.ChangeAsync(
            products,
            id.ToString(),
            ifMatch,
            input.Problems(),
            (p, now) => ProductRules.Describe(p, input, now)
        );

    private static Task<ChangeAnswer> UpdateInventory(
        Guid id,
        InventoryInput input,
        IfMatch ifMatch,
        AggregateStore<Product> products,
        HttpResponse response
    ) =>
        response.ChangeAsync(
            products,
            id.ToString(),
            ifMatch,
            input.Problems(),
            (p, now) => ProductRules.Stock(p, input, now)
        );

    private static Task<ChangeAnswer> UpdatePrice(
        Guid id,
        PriceInput input,
        IfMatch ifMatch,
        AggregateStore<Product> products,
        HttpResponse response
    ) =>
        response.ChangeAsync(
            products,
            id.ToString(),
            ifMatch,
            input.Problems(),
            (p, now) => ProductRules.Price(p, input, now)
        );

    private static Task<ChangeAnswer> UpdateStatus(
        Guid id,
        ProductStatusInput input,
        IfMatch ifMatch,
        AggregateStore<Product> products,
        HttpResponse response
    ) =>
        response.ChangeAsync(
            products,
            id.ToString(),
            ifMatch,
            input.Problems(),
            (p, now) => ProductRules.Status(p, input, now)
        );

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Delete(
        Guid id,
        IfMatch ifMatch,
        AggregateStore<Product> products
    ) =>
        Answers.Removed(
            await products.ChangeAsync(
                id.ToString(),
                ifMatch,
                (product, now) => Decision<Product>.Remove(ProductEvents.Deleted(product, now))
            )
        );
}
