using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;

namespace RealtimeSuite.Api.Features.Products;

/// <summary>The events of a product, on <see cref="KafkaTopics.ProductEvents"/>, for everyone who watches products (source: seed 003).</summary>
internal static class ProductEvents
{
    /// <summary>It was added.</summary>
    public static CloudEvent Created(Product product, DateTimeOffset now) =>
        Of(
            product,
            new ProductCreated
            {
                ProductId = product.Id,
                Sku = product.Sku,
                Name = product.Name,
                Price = product.Price,
                Quantity = product.Quantity,
                Status = product.Status,
                Timestamp = now,
            },
            now
        );

    /// <summary>Its information changed.</summary>
    public static CloudEvent Updated(Product product, DateTimeOffset now) =>
        Of(
            product,
            new ProductUpdated
            {
                ProductId = product.Id,
                Sku = product.Sku,
                Name = product.Name,
                Price = product.Price,
                Quantity = product.Quantity,
                Status = product.Status,
                Timestamp = now,
            },
            now
        );

    /// <summary>It was removed.</summary>
    public static CloudEvent Deleted(Product product, DateTimeOffset now) =>
        Of(
            product,
            new ProductDeleted
            {
                ProductId = product.Id,
                Sku = product.Sku,
                Timestamp = now,
            },
            now
        );

    /// <summary>Its stock changed.</summary>
    public static CloudEvent InventoryUpdated(Product old, Product product, DateTimeOffset now) =>
        Of(
            product,
            new InventoryUpdated
            {
                ProductId = product.Id,
                Sku = product.Sku,
                OldQuantity = old.Quantity,
                NewQuantity = product.Quantity,
                Timestamp = now,
            },
            now
        );

    /// <summary>Its price changed.</summary>
    public static CloudEvent PriceUpdated(Product old, Product product, DateTimeOffset now) =>
        Of(
            product,
            new PriceUpdated
            {
                ProductId = product.Id,
                Sku = product.Sku,
                OldPrice = old.Price,
                NewPrice = product.Price,
                Timestamp = now,
            },
            now
        );

    /// <summary>It can, or cannot, be had any more.</summary>
    public static CloudEvent StatusChanged(Product old, Product product, DateTimeOffset now) =>
        Of(
            product,
            new ProductStatusChanged
            {
                ProductId = product.Id,
                Sku = product.Sku,
                OldStatus = old.Status,
                NewStatus = product.Status,
                Timestamp = now,
            },
            now
        );

    private static CloudEvent Of<TData>(Product product, TData data, DateTimeOffset now)
        where TData : IEventData => ShopEvents.ProductUpdate(product.Id, data, now, "/api/products");
}
