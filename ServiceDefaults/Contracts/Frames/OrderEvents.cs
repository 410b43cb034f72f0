using System.Text.Json.Serialization;

namespace RealtimeSuite.Contracts.Frames;

/// <summary>An order was placed (source: wire contract, section 3).</summary>
public sealed record OrderCreated : IEventData
{
    /// <inheritdoc/>
    public static string FrameType => FrameTypes.OrderCreated;

    /// <summary>The order; a UUID.</summary>
    public required string OrderId { get; init; }

    /// <summary>The owner.</summary>
    public required string UserId { get; init; }

    /// <summary>Its status.</summary>
    public required string Status { get; init; }

    /// <summary>The status of its payment.</summary>
    public required string PaymentStatus { get; init; }

    /// <summary>What was ordered.</summary>
    public required IReadOnlyList<OrderLine> Items { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>One line of an order.</summary>
/// <param name="ProductId">The product; a UUID.</param>
/// <param name="Quantity">How many.</param>
public sealed record OrderLine(string ProductId, int Quantity);

/// <summary>An order's status changed (source: seed 003).</summary>
public sealed record OrderStatusChanged : IEventData
{
    /// <inheritdoc/>
    public static string FrameType => FrameTypes.OrderStatusChanged;

    /// <summary>The order; a UUID.</summary>
    public required string OrderId { get; init; }

    /// <summary>The owner, when the publisher says so: the event then reaches the owner's <c>/ws</c> too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UserId { get; init; }

    /// <summary>The status before.</summary>
    public required string OldStatus { get; init; }

    /// <summary>The status now.</summary>
    public required string NewStatus { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>An order's payment changed (source: seed 003).</summary>
public sealed record PaymentStatusChanged : IEventData
{
    /// <inheritdoc/>
    public static string FrameType => FrameTypes.PaymentStatusChanged;

    /// <summary>The order; a UUID.</summary>
    public required string OrderId { get; init; }

    /// <summary>The owner, when the publisher says so: the event then reaches the owner's <c>/ws</c> too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UserId { get; init; }

    /// <summary>The status of the payment before.</summary>
    public required string OldStatus { get; init; }

    /// <summary>The status of the payment now.</summary>
    public required string NewStatus { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>An order left, with what is needed to follow it (source: seed 003).</summary>
public sealed record OrderShipped : IEventData
{
    /// <inheritdoc/>
    public static string FrameType => FrameTypes.OrderShipped;

    /// <summary>The order; a UUID.</summary>
    public required string OrderId { get; init; }

    /// <summary>The owner, when the publisher says so: the event then reaches the owner's <c>/ws</c> too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UserId { get; init; }

    /// <summary>The status before.</summary>
    public required string OldStatus { get; init; }

    /// <summary>The status now.</summary>
    public required string NewStatus { get; init; }

    /// <summary>The carrier's number.</summary>
    public required string TrackingNumber { get; init; }

    /// <summary>Who carries it.</summary>
    public required string Carrier { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>An order arrived (source: seed 003).</summary>
public sealed record OrderDelivered : IEventData
{
    /// <inheritdoc/>
    public static string FrameType => FrameTypes.OrderDelivered;

    /// <summary>The order; a UUID.</summary>
    public required string OrderId { get; init; }

    /// <summary>The owner, when the publisher says so: the event then reaches the owner's <c>/ws</c> too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UserId { get; init; }

    /// <summary>The status before.</summary>
    public required string OldStatus { get; init; }

    /// <summary>The status now.</summary>
    public required string NewStatus { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>An order was cancelled (source: seed 003).</summary>
public sealed record OrderCancelled : IEventData
{
    /// <inheritdoc/>
    public static string FrameType => FrameTypes.OrderCancelled;

    /// <summary>The order; a UUID.</summary>
    public required string OrderId { get; init; }

    /// <summary>The owner, when the publisher says so: the event then reaches the owner's <c>/ws</c> too.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? UserId { get; init; }

    /// <summary>The status before.</summary>
    public required string OldStatus { get; init; }

    /// <summary>The status now.</summary>
    public required string NewStatus { get; init; }

    /// <summary>Why, when it was said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Reason { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}
