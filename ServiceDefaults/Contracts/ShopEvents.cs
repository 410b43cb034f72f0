using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RealtimeSuite.Contracts.Frames;

namespace RealtimeSuite.Contracts;

/// <summary>
/// Makes the events of orders and products for any .NET backend, as <c>publish_order_update</c> and <c>publish_product_update</c> do
/// (source: seed 003). The type of the event is that of its data. An event is published with <c>EventPublisher</c>, or stored with a
/// change of state in an outbox.
/// </summary>
public static class ShopEvents
{
    /// <summary>An event of an order; who watches the order gets it, and its owner.</summary>
    /// <param name="orderId">The order; a UUID.</param>
    /// <param name="data">What happened.</param>
    /// <param name="time">When it happened.</param>
    /// <param name="source">Who says so, a URI reference.</param>
    /// <param name="ownerId">The order's owner, who gets it on <c>/ws</c> too; null when that is not known.</param>
    public static CloudEvent OrderUpdate<TData>(
        string orderId,
        TData data,
        DateTimeOffset time,
        string source,
        string? ownerId = null
    )
        where TData : IEventData =>
        Make(orderId, data, time, source) with
        {
            Audience = ownerId is null ? null : Audience.User(ownerId).ToString(),
        };

    /// <summary>An event of a product; everyone who watches products gets it.</summary>
    /// <param name="productId">The product.</param>
    /// <param name="data">What happened.</param>
    /// <param name="time">When it happened.</param>
    /// <param name="source">Who says so, a URI reference.</param>
    public static CloudEvent ProductUpdate<TData>(string productId, TData data, DateTimeOffset time, string source)
        where TData : IEventData => Make(productId, data, time, source);

    private static CloudEvent Make<TData>(string subject, TData data, DateTimeOffset time, string source)
        where TData : IEventData =>
        new()
        {
            Id = Guid.CreateVersion7(time).ToString(),
            Source = source,
            Type = TData.FrameType,
            Subject = subject,
            Time = time,
            Data = JsonSerializer.SerializeToElement(
                data,
                (JsonTypeInfo<TData>)FramesJson.Wire.GetTypeInfo(typeof(TData))!
            ),
        };
}
