using System.Text.Json.Serialization.Metadata;
using RealtimeSuite.Contracts.Frames;

namespace RealtimeSuite.Contracts.AsyncApi;

/// <summary>The events of orders: frames on the sockets, and the data of their CloudEvents.</summary>
internal static class OrderMessages
{
    /// <summary>All of them.</summary>
    public static IReadOnlyList<EventContract> All { get; } =
    [
        Of(
            "An order was placed.",
            FramesJson.Wire.OrderCreatedFrame,
            FramesJson.Wire.OrderCreated,
            new OrderCreated
            {
                OrderId = Examples.Order,
                UserId = Examples.User,
                Status = "pending",
                PaymentStatus = "pending",
                Items = [new OrderLine(Examples.Product, 2)],
                Timestamp = Examples.Time,
            }
        ),
        Of(
            "An order's status changed.",
            FramesJson.Wire.OrderStatusChangedFrame,
            FramesJson.Wire.OrderStatusChanged,
            new OrderStatusChanged
            {
                OrderId = Examples.Order,
                OldStatus = "processing",
                NewStatus = "shipped",
                Timestamp = Examples.Time,
            }
        ),
        Of(
            "An order's payment changed.",
            FramesJson.Wire.PaymentStatusChangedFrame,
            FramesJson.Wire.PaymentStatusChanged,
            new PaymentStatusChanged
            {
                OrderId = Examples.Order,
                OldStatus = "pending",
                NewStatus = "paid",
                Timestamp = Examples.Time,
            }
        ),
        Of(
            "An order left.",
            FramesJson.Wire.OrderShippedFrame,
            FramesJson.Wire.OrderShipped,
            new OrderShipped
            {
                OrderId = Examples.Order,
                OldStatus = "processing",
                NewStatus = "shipped",
                TrackingNumber = "00340434161094042557",
                Carrier = "DHL",
                Timestamp = Examples.Time,
            }
        ),
        Of(
            "An order arrived.",
            FramesJson.Wire.OrderDeliveredFrame,
            FramesJson.Wire.OrderDelivered,
            new OrderDelivered
            {
                OrderId = Examples.Order,
                OldStatus = "shipped",
                NewStatus = "delivered",
                Timestamp = Examples.Time,
            }
        ),
        Of(
            "An order was cancelled.",
            FramesJson.Wire.OrderCancelledFrame,
            FramesJson.Wire.OrderCancelled,
            new OrderCancelled
            {
                OrderId = Examples.Order,
                OldStatus = "pending",
                NewStatus = "cancelled",
                Reason = "Ordered twice",
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
                new EventFrame<TData> { Data = example, Meta = Examples.Meta("order:" + Examples.Order) }
            ),
            data,
            example
        );
}
