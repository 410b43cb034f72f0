using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;

namespace RealtimeSuite.Api.Features.Orders;

/// <summary>The events of an order, on <see cref="KafkaTopics.OrderEvents"/>, for who watches it and for its owner (source: seed 003).</summary>
internal static class OrderEvents
{
    /// <summary>It was placed.</summary>
    public static CloudEvent Created(Order order, DateTimeOffset now) =>
        Of(
            order,
            new OrderCreated
            {
                OrderId = order.Id,
                UserId = order.UserId,
                Status = order.Status,
                PaymentStatus = order.PaymentStatus,
                Items = [.. order.Items.Select(item => new OrderLine(item.ProductId, item.Quantity))],
                Timestamp = now,
            },
            now
        );

    /// <summary>Its status changed.</summary>
    public static CloudEvent StatusChanged(Order old, Order order, DateTimeOffset now) =>
        Of(
            order,
            new OrderStatusChanged
            {
                OrderId = order.Id,
                OldStatus = old.Status,
                NewStatus = order.Status,
                Timestamp = now,
            },
            now
        );

    /// <summary>Its payment changed.</summary>
    public static CloudEvent PaymentStatusChanged(Order old, Order order, DateTimeOffset now) =>
        Of(
            order,
            new PaymentStatusChanged
            {
                OrderId = order.Id,
                OldStatus = old.PaymentStatus,
                NewStatus = order.PaymentStatus,
                Timestamp = now,
            },
            now
        );

    /// <summary>It left.</summary>
    public static CloudEvent Shipped(Order old, Order order, DateTimeOffset now) =>
        Of(
            order,
            new OrderShipped
            {
                OrderId = order.Id,
                OldStatus = old.Status,
                NewStatus = order.Status,
                TrackingNumber = order.TrackingNumber!,
                Carrier = order.Carrier!,
                Timestamp = now,
            },
            now
        );

    /// <summary>It arrived.</summary>
    public static CloudEvent Delivered(Order old, Order order, DateTimeOffset now) =>
        Of(
            order,
            new OrderDelivered
            {
                OrderId = order.Id,
                OldStatus = old.Status,
                NewStatus = order.Status,
                Timestamp = now,
            },
            now
        );

    /// <summary>It was cancelled.</summary>
    public static CloudEvent Cancelled(Order old, Order order, DateTimeOffset now) =>
        Of(
            order,
            new OrderCancelled
            {
                OrderId = order.Id,
                OldStatus = old.Status,
                NewStatus = order.Status,
                Reason = order.CancelReason,
                Timestamp = now,
            },
            now
        );

    private static CloudEvent Of<TData>(Order order, TData data, DateTimeOffset now)
        where TData : IEventData => ShopEvents.OrderUpdate(order.Id, data, now, "/api/orders", order.UserId);
}
