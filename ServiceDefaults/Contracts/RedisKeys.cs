namespace RealtimeSuite.Contracts;

/// <summary>Keys in Redis that one service writes and another reads.</summary>
public static class RedisKeys
{
    /// <summary>Field of an aggregate's hash that holds its state as JSON.</summary>
    public const string StateField = "state";

    /// <summary>The hash of an order; its state has <c>user_id</c>, the owner.</summary>
    public static string Order(string orderId) => "order:" + orderId;

    /// <summary>Sorted set of a user's notification ids, by time of creation in Unix milliseconds.</summary>
    public static string NotificationIndex(string userId) => "notifications:" + userId;

    /// <summary>Hash of a user's notifications: id to JSON.</summary>
    public static string NotificationItems(string userId) => "notifications:" + userId + ":items";

    /// <summary>How many of a user's notifications are unread.</summary>
    public static string NotificationUnread(string userId) => "notifications:" + userId + ":unread";

    /// <summary>Set of the categories that a user has muted.</summary>
    public static string NotificationMuted(string userId) => "notifications:" + userId + ":muted";

    /// <summary>Sorted set of the broadcasts that a user has read, by their time of creation in Unix milliseconds.</summary>
    public static string BroadcastsRead(string userId) => "notifications:" + userId + ":broadcasts:read";

    /// <summary>Sorted set of the broadcasts that a user has removed from the own list, by their time of creation in Unix milliseconds.</summary>
    public static string BroadcastsHidden(string userId) => "notifications:" + userId + ":broadcasts:hidden";

    /// <summary>Sorted set of the ids of an audience's notifications, by time of creation in Unix milliseconds. Kept once, not per user.</summary>
    public static string BroadcastIndex(Audience audience) => "broadcasts:" + audience;

    /// <summary>Hash of an audience's notifications: id to JSON.</summary>
    public static string BroadcastItems(Audience audience) => "broadcasts:" + audience + ":items";
}
