namespace RealtimeSuite.Contracts.Frames;

/// <summary>A product was added (source: seed 003).</summary>
public sealed record ProductCreated : IEventData
{
    /// <inheritdoc/>
    public static string FrameType => FrameTypes.ProductCreated;

    /// <summary>The product; a UUID.</summary>
    public required string ProductId { get; init; }

    /// <summary>Its stock keeping unit.</summary>
    public required string Sku { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its price.</summary>
    public required decimal Price { get; init; }

    /// <summary>How many are in stock.</summary>
    public required int Quantity { get; init; }

    /// <summary>Whether it can be had.</summary>
    public required string Status { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>A product's information changed; it is given as it is now (source: seed 003).</summary>
public sealed record ProductUpdated : IEventData
{
    /// <inheritdoc/>
    public static string FrameType => FrameTypes.ProductUpdated;

    /// <summary>The product; a UUID.</summary>
    public required string ProductId { get; init; }

    /// <summary>Its stock keeping unit.</summary>
    public required string Sku { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its price.</summary>
    public required decimal Price { get; init; }

    /// <summary>How many are in stock.</summary>
    public required int Quantity { get; init; }

    /// <summary>Whether it can be had.</summary>
    public required string Status { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>A product was removed (source: seed 003).</summary>
public sealed record ProductDeleted : IEventData
{
    /// <inheritdoc/>
    public static string FrameType => FrameTypes.ProductDeleted;

    /// <summary>The product; a UUID.</summary>
    public required string ProductId { get; init; }

    /// <summary>Its stock keeping unit.</summary>
    public required string Sku { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>A product's stock changed (source: seed 003).</summary>
public sealed record InventoryUpdated : IEventData
{
    /// <inheritdoc/>
    public static string FrameType => FrameTypes.InventoryUpdated;

    /// <summary>The product; a UUID.</summary>
    public required string ProductId { get; init; }

    /// <summary>Its stock keeping unit.</summary>
    public required string Sku { get; init; }

    /// <summary>How many there were.</summary>
    public required int OldQuantity { get; init; }

    /// <summary>How many there are.</summary>
    public required int NewQuantity { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>A product's price changed (source: seed 003).</summary>
public sealed record PriceUpdated : IEventData
{
    /// <inheritdoc/>
    public static string FrameType => FrameTypes.PriceUpdated;

    /// <summary>The product; a UUID.</summary>
    public required string ProductId { get; init; }

    /// <summary>Its stock keeping unit.</summary>
    public required string Sku { get; init; }

    /// <summary>The price before.</summary>
    public required decimal OldPrice { get; init; }

    /// <summary>The price now.</summary>
    public required decimal NewPrice { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>A product can or cannot be had any more (source: seed 003).</summary>
public sealed record ProductStatusChanged : IEventData
{
    /// <inheritdoc/>
    public static string FrameType => FrameTypes.ProductStatusChanged;

    /// <summary>The product; a UUID.</summary>
    public required string ProductId { get; init; }

    /// <summary>Its stock keeping unit.</summary>
    public required string Sku { get; init; }

    /// <summary>The status before.</summary>
    public required string OldStatus { get; init; }

    /// <summary>The status now.</summary>
    public required string NewStatus { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}
