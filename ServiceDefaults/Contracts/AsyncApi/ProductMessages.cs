using System.Text.Json.Serialization.Metadata;
using RealtimeSuite.Contracts.Frames;

namespace RealtimeSuite.Contracts.AsyncApi;

/// <summary>The events of products: frames on the sockets, and the data of their CloudEvents.</summary>
internal static class ProductMessages
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<EventContract> All { get; } =
    [
        Of(
            "A product was added.",
            FramesJson.Wire.ProductCreatedFrame,
            FramesJson.Wire.ProductCreated,
            new ProductCreated
            {
                ProductId = Examples.Product,
                Sku = Examples.Sku,
                Name = "Lamp",
                Price = 49.90m,
                Quantity = 10,
                Status = "active",
                Timestamp = Examples.Time,
            }
        ),
        Of(
            "A product's information changed.",
            FramesJson.Wire.ProductUpdatedFrame,
            FramesJson.Wire.ProductUpdated,
            new ProductUpdated
            {
                ProductId = Examples.Product,
                Sku = Examples.Sku,
                Name = "Desk lamp",
                Price = 49.90m,
                Quantity = 10,
                Status = "active",
                Timestamp = Examples.Time,
            }
        ),
        Of(
            "A product was removed.",
            FramesJson.Wire.ProductDeletedFrame,
            FramesJson.Wire.ProductDeleted,
            new ProductDeleted
            {
                ProductId = Examples.Product,
                Sku = Examples.Sku,
                Timestamp = Examples.Time,
            }
        ),
        Of(
            "A product's stock changed.",
            FramesJson.Wire.InventoryUpdatedFrame,
            FramesJson.Wire.InventoryUpdated,
            new InventoryUpdated
            {
                ProductId = Examples.Product,
                Sku = Examples.Sku,
                OldQuantity = 10,
                NewQuantity = 5,
                Timestamp = Examples.Time,
            }
        ),
        Of(
            "A product's price changed.",
            FramesJson.Wire.PriceUpdatedFrame,
            FramesJson.Wire.PriceUpdated,
            new PriceUpdated
            {
                ProductId = Examples.Product,
                Sku = Examples.Sku,
                OldPrice = 49.90m,
                NewPrice = 39.90m,
                Timestamp = Examples.Time,
            }
        ),
        Of(
            "A product can or cannot be had any more.",
            FramesJson.Wire.ProductStatusChangedFrame,
            FramesJson.Wire.ProductStatusChanged,
            new ProductStatusChanged
            {
                ProductId = Examples.Product,
                Sku = Examples.Sku,
                OldStatus = "active",
                NewStatus = "discontinued",
                Timestamp = Examples.Time,
            }
        ),
    ];

    private static EventContract Of<TData>(
        string summary,
        JsonTypeInfo<EventFrame<TData>> frame,
        JsonTypeInfo<TData> data,
        TData example
    )
        where TData : IEventData =>
        new(
            [TData.FrameType],
            MessageContract.Of(
                char.ToLowerInvariant(typeof(TData).Name[0]) + typeof(TData).Name[1..],
                summary,
                frame,
                new EventFrame<TData> { Data = example, Meta = Examples.Meta("products") }
            ),
            data,
            example
        );
}
