using System.Collections.Frozen;
using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;
using static RealtimeSuite.Notifications.Rules.NotificationCategories;
using static RealtimeSuite.Notifications.Rules.NotificationLevels;

namespace RealtimeSuite.Notifications.Rules;

/// <summary>
/// Which event makes which notification, for whom. Pure functions; they ask of an event no more than they need, as any backend may have
/// published it. An event without a rule, or that names nobody to tell, makes none.
/// </summary>
internal static class NotificationRules
{
    private delegate NotificationDraft? Rule(CloudEvent e, int lowStock);

    private static readonly FrozenDictionary<string, Rule> Rules = new Dictionary<string, Rule>(StringComparer.Ordinal)
    {
        [TaskEventTypes.Completed] = (e, _) =>
            ToOwner(e, Success, Tasks, "Task completed", Title(e) ?? "A task is done."),
        [FrameTypes.OrderShipped] = (e, _) =>
            ToOwner(e, Info, Orders, "Order shipped", $"{Order(e)} is on its way{Carrier(e)}."),
        [FrameTypes.OrderDelivered] = (e, _) =>
            ToOwner(e, Success, Orders, "Order delivered", $"{Order(e)} has arrived."),
        [FrameTypes.OrderCancelled] = (e, _) =>
            ToOwner(e, Warning, Orders, "Order cancelled", $"{Order(e)} was cancelled{Reason(e)}."),
        [FrameTypes.BookUpdate] = (e, _) =>
            IsReturned(e) ? ToAdmins(Info, Books, "Book returned", $"{Title(e) ?? "A book"} is back{Shelf(e)}.") : null,
        [FrameTypes.InventoryUpdated] = (e, lowStock) =>
            FallsBelow(e, lowStock) switch
            {
                null => null,
                > 0 and var left => ToAdmins(Warning, Inventory, "Low stock", $"{Product(e)}: {left} left."),
                _ => ToAdmins(Error, Inventory, "Out of stock", $"{Product(e)}: none left."),
            },
    }.ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The notification that an event makes; null when it makes none.</summary>
    /// <param name="cloudEvent">The event.</param>
    /// <param name="lowStock">Stock that falls below this is told.</param>
    public static NotificationDraft? Apply(CloudEvent cloudEvent, int lowStock) =>
        Rules.TryGetValue(cloudEvent.Type, out var rule) ? rule(cloudEvent, lowStock) : null;

    private static NotificationDraft? ToOwner(
        CloudEvent e,
        string level,
        string category,
        string title,
        string message
    ) => Owner(e) is { } owner ? new NotificationDraft(Audience.User(owner), level, category, title, message) : null;

    private static NotificationDraft ToAdmins(string level, string category, string title, string message) =>
        new(Audience.Role(Roles.Admin), level, category, title, message);

    /// <summary>Whom the event is addressed to, else whom its payload names.</summary>
    private static string? Owner(CloudEvent e) =>
        Audience.TryParse(e.Audience, out var audience) && audience.Kind == AudienceKind.User
            ? audience.Id
            : EventFields.Text(e.Data, "user_id");

    private static bool IsReturned(CloudEvent e) =>
        e.Data.ValueKind == JsonValueKind.Object
        && e.Data.TryGetProperty("available"u8, out var available)
        && available.ValueKind == JsonValueKind.True;

    /// <summary>What is left, when this change is the one that made it too little: not again at each piece that is sold after.</summary>
    private static long? FallsBelow(CloudEvent e, int lowStock)
    {
        var left = Number(e, "new_quantity");
        var before = Number(e, "old_quantity") ?? long.MaxValue;
        return left < lowStock && (before >= lowStock || (left <= 0 && before > 0)) ? left : null;
    }

    private static string? Title(CloudEvent e) => EventFields.Text(e.Data, "title");

    private static string Order(CloudEvent e) => $"Order {EventFields.Text(e.Data, "order_id") ?? e.Subject}";

    private static string Product(CloudEvent e) =>
        EventFields.Text(e.Data, "sku") ?? EventFields.Text(e.Data, "product_id") ?? e.Subject ?? "A product";

    private static string Carrier(CloudEvent e) =>
        (EventFields.Text(e.Data, "carrier"), EventFields.Text(e.Data, "tracking_number")) switch
        {
            ({ } carrier, { } number) => $" with {carrier}, tracking number {number}",
            (null, { } number) => $", tracking number {number}",
            ({ } carrier, null) => $" with {carrier}",
            _ => "",
        };

    private static string Reason(CloudEvent e) => EventFields.Text(e.Data, "reason") is { } reason ? $": {reason}" : "";

    private static string Shelf(CloudEvent e) =>
        EventFields.Text(e.Data, "shelf_location") is { } shelf ? $" on shelf {shelf}" : "";

    private static long? Number(CloudEvent e, string name) =>
        e.Data.ValueKind == JsonValueKind.Object
        && e.Data.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.Number
        && value.TryGetInt64(out var number)
            ? number
            : null;
}
