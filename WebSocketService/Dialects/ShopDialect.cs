using System.Collections.Frozen;
using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Gateway.Dialects;

/// <summary>Orders and products: <c>{"type":"order_status_changed","data":{…}}</c> (source: seed 003).</summary>
internal sealed class ShopDialect : Dialect
{
    private static readonly FrozenDictionary<string, Topics> Types = new Dictionary<string, Topics>(
        StringComparer.Ordinal
    )
    {
        [FrameTypes.OrderCreated] = Topics.Orders,
        [FrameTypes.OrderStatusChanged] = Topics.Orders,
        [FrameTypes.PaymentStatusChanged] = Topics.Orders,
        [FrameTypes.OrderShipped] = Topics.Orders,
        [FrameTypes.OrderDelivered] = Topics.Orders,
        [FrameTypes.OrderCancelled] = Topics.Orders,
        [FrameTypes.ProductCreated] = Topics.Products,
        [FrameTypes.ProductUpdated] = Topics.Products,
        [FrameTypes.ProductDeleted] = Topics.Products,
        [FrameTypes.ProductStatusChanged] = Topics.Products,
        [FrameTypes.PriceUpdated] = Topics.Products,
        [FrameTypes.InventoryUpdated] = Topics.Products | Topics.Inventory,
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>Whether events of that type are about products.</summary>
    public static bool IsAboutProducts(string type) =>
        Types.TryGetValue(type, out var topics) && topics.HasFlag(Topics.Products);

    /// <summary>Whether events of that type are about orders.</summary>
    public static bool IsAboutOrders(string type) => Types.TryGetValue(type, out var topics) && topics == Topics.Orders;

    public override bool Understands(CloudEvent cloudEvent) => Types.ContainsKey(cloudEvent.Type);

    public override Topics TopicsOf(CloudEvent cloudEvent) => Types[cloudEvent.Type];

    public override (SlowPolicy Policy, string? Key) PolicyOf(CloudEvent cloudEvent) =>
        cloudEvent.Type is FrameTypes.InventoryUpdated or FrameTypes.PriceUpdated
        && ProductOf(cloudEvent) is { } product
            ? (SlowPolicy.LatestByKey, cloudEvent.Type + ":" + product)
            : (SlowPolicy.Disconnect, null);

    public override void Write(Utf8JsonWriter json, ChannelEvent channelEvent, DateTimeOffset now)
    {
        json.WriteString("type"u8, channelEvent.Event.Type);
        json.WritePropertyName("data"u8);
        WriteData(json, channelEvent.Event.Data);
    }

    private static string? ProductOf(CloudEvent cloudEvent) =>
        cloudEvent.Data.ValueKind == JsonValueKind.Object
        && cloudEvent.Data.TryGetProperty("product_id"u8, out var product)
        && product.ValueKind == JsonValueKind.String
            ? product.GetString()
            : cloudEvent.Subject;
}
