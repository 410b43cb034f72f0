using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeSuite.Contracts.Frames;

/// <summary>How frames and the payloads of events are written as JSON: the conventions of <see cref="ContractsJson"/>.</summary>
[JsonSerializable(typeof(ConnectionFrame))]
[JsonSerializable(typeof(ConnectedFrame))]
[JsonSerializable(typeof(InitialStateFrame))]
[JsonSerializable(typeof(ConnectionEstablishedFrame))]
[JsonSerializable(typeof(PongFrame))]
[JsonSerializable(typeof(SubscriptionFrame))]
[JsonSerializable(typeof(AuthRefreshedFrame))]
[JsonSerializable(typeof(ErrorFrame))]
[JsonSerializable(typeof(ReconnectFrame))]
[JsonSerializable(typeof(ResumedFrame))]
[JsonSerializable(typeof(TaskUpdateFrame))]
[JsonSerializable(typeof(NotificationCreatedFrame))]
[JsonSerializable(typeof(NotificationUpdatedFrame))]
[JsonSerializable(typeof(BookUpdateFrame))]
[JsonSerializable(typeof(PublishedEventFrame))]
[JsonSerializable(typeof(PingFrame))]
[JsonSerializable(typeof(SubscribeFrame))]
[JsonSerializable(typeof(UnsubscribeFrame))]
[JsonSerializable(typeof(AuthFrame))]
[JsonSerializable(typeof(ResumeFrame))]
[JsonSerializable(typeof(EventFrame<OrderCreated>), TypeInfoPropertyName = "OrderCreatedFrame")]
[JsonSerializable(typeof(EventFrame<OrderStatusChanged>), TypeInfoPropertyName = "OrderStatusChangedFrame")]
[JsonSerializable(typeof(EventFrame<PaymentStatusChanged>), TypeInfoPropertyName = "PaymentStatusChangedFrame")]
[JsonSerializable(typeof(EventFrame<OrderShipped>), TypeInfoPropertyName = "OrderShippedFrame")]
[JsonSerializable(typeof(EventFrame<OrderDelivered>), TypeInfoPropertyName = "OrderDeliveredFrame")]
[JsonSerializable(typeof(EventFrame<OrderCancelled>), TypeInfoPropertyName = "OrderCancelledFrame")]
[JsonSerializable(typeof(EventFrame<ProductCreated>), TypeInfoPropertyName = "ProductCreatedFrame")]
[JsonSerializable(typeof(EventFrame<ProductUpdated>), TypeInfoPropertyName = "ProductUpdatedFrame")]
[JsonSerializable(typeof(EventFrame<ProductDeleted>), TypeInfoPropertyName = "ProductDeletedFrame")]
[JsonSerializable(typeof(EventFrame<InventoryUpdated>), TypeInfoPropertyName = "InventoryUpdatedFrame")]
[JsonSerializable(typeof(EventFrame<PriceUpdated>), TypeInfoPropertyName = "PriceUpdatedFrame")]
[JsonSerializable(typeof(EventFrame<ProductStatusChanged>), TypeInfoPropertyName = "ProductStatusChangedFrame")]
[JsonSerializable(typeof(OrderCreated))]
[JsonSerializable(typeof(OrderStatusChanged))]
[JsonSerializable(typeof(PaymentStatusChanged))]
[JsonSerializable(typeof(OrderShipped))]
[JsonSerializable(typeof(OrderDelivered))]
[JsonSerializable(typeof(OrderCancelled))]
[JsonSerializable(typeof(ProductCreated))]
[JsonSerializable(typeof(ProductUpdated))]
[JsonSerializable(typeof(ProductDeleted))]
[JsonSerializable(typeof(InventoryUpdated))]
[JsonSerializable(typeof(PriceUpdated))]
[JsonSerializable(typeof(ProductStatusChanged))]
[JsonSerializable(typeof(BookUpdate))]
[JsonSerializable(typeof(Notification))]
[JsonSerializable(typeof(NotificationChange))]
[JsonSerializable(typeof(CloudEvent))]
public sealed partial class FramesJson : JsonSerializerContext
{
    /// <summary>The context to use.</summary>
    public static FramesJson Wire { get; } = new(ContractsJson.Configure(new JsonSerializerOptions()));
}
