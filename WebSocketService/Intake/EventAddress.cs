using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Gateway.Dialects;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Intake;

/// <summary>Decides which channels an event goes to.</summary>
internal static class EventAddress
{
    /// <summary>The channels: one, or two for an order's event, which its owner sees on <c>/ws</c> as well. Empty when it reaches nobody.</summary>
    public static IReadOnlyList<string> Of(CloudEvent cloudEvent)
    {
        if (ShopDialect.IsAboutOrders(cloudEvent.Type) && EventFields.Text(cloudEvent.Data, "order_id") is { } orderId)
        {
            return OwnerOf(cloudEvent) is { } owner
                ? [Channels.Order(orderId), Channels.User(owner)]
                : [Channels.Order(orderId)];
        }

        if (Audience.TryParse(cloudEvent.Audience, out var audience))
        {
            return [Channels.For(audience)];
        }

        if (ShopDialect.IsAboutProducts(cloudEvent.Type))
        {
            return [Channels.Products];
        }

        if (cloudEvent.Type == FrameTypes.BookUpdate)
        {
            return [Channels.Admin];
        }

        return EventFields.Text(cloudEvent.Data, "user_id") is { } userId ? [Channels.User(userId)] : [];
    }

    /// <summary>An order's owner: the audience names them, as the data of seed 003 has no place for it; else the data may.</summary>
    private static string? OwnerOf(CloudEvent cloudEvent) =>
        Audience.TryParse(cloudEvent.Audience, out var audience) && audience.Kind == AudienceKind.User
            ? audience.Id
            : EventFields.Text(cloudEvent.Data, "user_id");
}
