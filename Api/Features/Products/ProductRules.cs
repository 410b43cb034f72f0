using RealtimeSuite.Api.Aggregates;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Api.Features.Products;

/// <summary>What may happen to a product. A change that leaves everything as it is stores and tells nothing.</summary>
internal static class ProductRules
{
    /// <summary>All of it is said anew; each part that changed is told.</summary>
    public static Decision<Product> Describe(Product product, ProductInput input, DateTimeOffset now) =>
        Apply(
            product,
            product with
            {
                Sku = input.Sku!,
                Name = input.Name!,
                Price = input.Price!.Value,
                Quantity = input.Quantity!.Value,
            },
            now
        );

    /// <summary>The stock changes, and never falls below 0.</summary>
    public static Decision<Product> Stock(Product product, InventoryInput input, DateTimeOffset now)
    {
        var quantity = input.Quantity ?? (long)product.Quantity + input.Change!.Value;
        return quantity is < 0 or > int.MaxValue
            ? Decision<Product>.Refuse(
                Refusal.Conflict($"There are {product.Quantity} in stock: a change by {input.Change} is not possible.")
            )
            : Apply(product, product with { Quantity = (int)quantity }, now);
    }

    /// <summary>The price changes.</summary>
    public static Decision<Product> Price(Product product, PriceInput input, DateTimeOffset now) =>
        Apply(product, product with { Price = input.Price!.Value }, now);

    /// <summary>It can, or cannot, be had any more.</summary>
    public static Decision<Product> Status(Product product, ProductStatusInput input, DateTimeOffset now) =>
        product.Status == input.Status ? Decision<Product>.Keep(product)
        : ProductStatus.Transitions.Refuse("product", product.Status, input.Status!) is { } refusal
            ? Decision<Product>.Refuse(refusal)
        : Apply(product, product with { Status = input.Status! }, now);

    private static Decision<Product> Apply(Product old, Product changed, DateTimeOffset now)
    {
        var next = changed with { UpdatedAt = now };
        var events = Told(old, next, now).ToList();
        return events.Count == 0 ? Decision<Product>.Keep(old) : Decision<Product>.Change(next, events);
    }

    private static IEnumerable<CloudEvent> Told(Product old, Product next, DateTimeOffset now)
    {
        if (old.Sku != next.Sku || old.Name != next.Name)
        {
            yield return ProductEvents.Updated(next, now);
        }

        if (old.Price != next.Price)
        {
            yield return ProductEvents.PriceUpdated(old, next, now);
        }

        if (old.Quantity != next.Quantity)
        {
            yield return ProductEvents.InventoryUpdated(old, next, now);
        }

        if (old.Status != next.Status)
        {
            yield return ProductEvents.StatusChanged(old, next, now);
        }
    }
}
