using RealtimeSuite.Contracts;

namespace RealtimeSuite.Notifications.Rules;

/// <summary>A notification that is to be made.</summary>
/// <param name="To">One user, a role, or everyone.</param>
/// <param name="Level">One of <see cref="NotificationLevels"/>.</param>
/// <param name="Category">What it is about; users mute by it.</param>
/// <param name="Title">A few words.</param>
/// <param name="Message">The text.</param>
internal sealed record NotificationDraft(Audience To, string Level, string Category, string Title, string Message);

/// <summary>How urgent notifications are.</summary>
internal static class NotificationLevels
{
    public const string Info = "info";
    public const string Success = "success";
    public const string Warning = "warning";
    public const string Error = "error";

    /// <summary>All of them.</summary>
    public static readonly string[] All = [Info, Success, Warning, Error];
}

/// <summary>The categories of the suite's own notifications.</summary>
internal static class NotificationCategories
{
    public const string Tasks = "tasks";
    public const string Orders = "orders";
    public const string Books = "books";
    public const string Inventory = "inventory";
    public const string System = "system";
}
