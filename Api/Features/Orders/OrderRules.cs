using RealtimeSuite.Api.Aggregates;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Api.Features.Orders;

/// <summary>
/// What may happen to an order. Every change of the status is told as <c>order_status_changed</c>, which is all that some clients follow
/// (source: seed 003); leaving, arriving and being cancelled are told by an event of their own besides.
/// </summary>
internal static class OrderRules
{
    /// <summary>Its status becomes another. An order that becomes shipped this way has no tracking number.</summary>
    public static Decision<Order> SetStatus(Order order, string status, DateTimeOffset now) =>
        status switch
        {
            OrderStatus.Delivered => Deliver(order, now),
            OrderStatus.Cancelled => Cancel(order, reason: null, now),
            _ => Move(order, order with { Status = status }, now),
        };

    /// <summary>It leaves.</summary>
    public static Decision<Order> Ship(Order order, ShipInput input, DateTimeOffset now) =>
        Move(
            order,
            order with
            {
                Status = OrderStatus.Shipped,
                TrackingNumber = input.TrackingNumber,
                Carrier = input.Carrier,
            },
            now,
            OrderEvents.Shipped
        );

    /// <summary>It arrives.</summary>
    public static Decision<Order> Deliver(Order order, DateTimeOffset now) =>
        Move(order, order with { Status = OrderStatus.Delivered }, now, OrderEvents.Delivered);

    /// <summary>It is cancelled. What was paid is given back by a change of the payment.</summary>
    public static Decision<Order> Cancel(Order order, string? reason, DateTimeOffset now) =>
        Move(order, order with { Status = OrderStatus.Cancelled, CancelReason = reason }, now, OrderEvents.Cancelled);

    /// <summary>Its payment changes. A cancelled order is not paid any more.</summary>
    public static Decision<Order> SetPayment(Order order, string status, DateTimeOffset now)
    {
        if (PaymentStatus.Transitions.Refuse("payment", order.PaymentStatus, status) is { } refusal)
        {
            return Decision<Order>.Refuse(refusal);
        }

        if (order.Status == OrderStatus.Cancelled && status == PaymentStatus.Paid)
        {
            return Decision<Order>.Refuse(Refusal.Conflict("The order is cancelled and cannot be paid.", []));
        }

        var next = order with { PaymentStatus = status, UpdatedAt = now };
        return Decision<Order>.Change(next, OrderEvents.PaymentStatusChanged(order, next, now));
    }

    private static Decision<Order> Move(
        Order order,
        Order moved,
        DateTimeOffset now,
        Func<Order, Order, DateTimeOffset, CloudEvent>? tell = null
    )
    {
        if (OrderStatus.Transitions.Refuse("order", order.Status, moved.Status) is { } refusal)
        {
            return Decision<Order>.Refuse(refusal);
        }

        var next = moved with { UpdatedAt = now };
        var changed = OrderEvents.StatusChanged(order, next, now);
        return tell is null
            ? Decision<Order>.Change(next, changed)
            : Decision<Order>.Change(next, changed, tell(order, next, now));
    }
}
