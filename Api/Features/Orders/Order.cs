using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeSuite.Api.Aggregates;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Api.Features.Orders;

/// <summary>An order of one user. It reserves no stock: what is in stock is said with the product, by who keeps the store.</summary>
internal sealed record Order
{
    /// <summary>In Redis: a hash <c>order:{id}</c> each, where the gateway reads the owner, listed in <c>orders:{user}</c>.</summary>
    public static AggregateKind<Order> Kind { get; } =
        new("order", RedisKeys.Order, order => order.Id, order => IndexKey(order.UserId), OrderJson.Wire.Order);

    /// <summary>UUID, rising with the time of creation.</summary>
    public required string Id { get; init; }

    /// <summary>The owner.</summary>
    public required string UserId { get; init; }

    /// <summary>One of <see cref="OrderStatus"/>.</summary>
    public required string Status { get; init; }

    /// <summary>One of <see cref="PaymentStatus"/>.</summary>
    public required string PaymentStatus { get; init; }

    /// <summary>What was ordered, at the prices of that moment.</summary>
    public required IReadOnlyList<OrderItem> Items { get; init; }

    /// <summary>The sum of all items.</summary>
    public required decimal Total { get; init; }

    /// <summary>The carrier's number, once it was shipped with one.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? TrackingNumber { get; init; }

    /// <summary>Who carries it, once it was shipped with a number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Carrier { get; init; }

    /// <summary>Why it was cancelled, when that was said.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? CancelReason { get; init; }

    /// <summary>When it was placed, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The Redis key of the list of a user's orders.</summary>
    public static string IndexKey(string userId) => "orders:" + userId;
}

/// <summary>One line of an order.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Quantity">How many.</param>
/// <param name="UnitPrice">The price of one when it was ordered.</param>
internal sealed record OrderItem(string ProductId, int Quantity, decimal UnitPrice);

/// <summary>Where an order stands.</summary>
internal static class OrderStatus
{
    /// <summary>It was placed.</summary>
    public const string Pending = "pending";

    /// <summary>It is being made ready.</summary>
    public const string Processing = "processing";

    /// <summary>It has left.</summary>
    public const string Shipped = "shipped";

    /// <summary>It has arrived.</summary>
    public const string Delivered = "delivered";

    /// <summary>It will not be carried out.</summary>
    public const string Cancelled = "cancelled";

    /// <summary>What each may become.</summary>
    public static TransitionTable Transitions { get; } =
        new(
            (Pending, [Processing, Cancelled]),
            (Processing, [Shipped, Cancelled]),
            (Shipped, [Delivered]),
            (Delivered, []),
            (Cancelled, [])
        );
}

/// <summary>Whether an order is paid.</summary>
internal static class PaymentStatus
{
    /// <summary>Not yet.</summary>
    public const string Pending = "pending";

    /// <summary>It is.</summary>
    public const string Paid = "paid";

    /// <summary>The money went back.</summary>
    public const string Refunded = "refunded";

    /// <summary>What each may become.</summary>
    public static TransitionTable Transitions { get; } = new((Pending, [Paid]), (Paid, [Refunded]), (Refunded, []));
}

[JsonSerializable(typeof(Order))]
internal sealed partial class OrderJson : JsonSerializerContext
{
    public static OrderJson Wire { get; } = new(ContractsJson.Configure(new JsonSerializerOptions()));
}
