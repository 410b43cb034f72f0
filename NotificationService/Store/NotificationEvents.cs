using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Messaging.Outbox;

namespace RealtimeSuite.Notifications.Store;

/// <summary>The events of notifications, on <see cref="KafkaTopics.Notifications"/>. Their key is the audience, whose events keep their order.</summary>
internal static class NotificationEvents
{
    private const string Source = "/api/notifications";

    /// <summary>A notification came.</summary>
    public static OutboxEntry Created(Audience to, Notification notification, DateTimeOffset now) =>
        Entry(
            NotificationEventTypes.Created,
            to,
            notification.Id,
            JsonSerializer.SerializeToElement(notification, FramesJson.Wire.Notification),
            now
        );

    /// <summary>A user has read a notification, or removed it unread.</summary>
    public static OutboxEntry Updated(string userId, string id, DateTimeOffset now) =>
        Entry(
            NotificationEventTypes.Updated,
            Audience.User(userId),
            id,
            JsonSerializer.SerializeToElement(
                new NotificationChange(id, Read: true),
                FramesJson.Wire.NotificationChange
            ),
            now
        );

    private static OutboxEntry Entry(string type, Audience to, string id, JsonElement data, DateTimeOffset now) =>
        OutboxEntry.For(
            KafkaTopics.Notifications,
            to.ToString(),
            new CloudEvent
            {
                Id = Guid.CreateVersion7(now).ToString(),
                Source = Source,
                Type = type,
                Subject = id,
                Time = now,
                Audience = to.ToString(),
                Data = data,
            },
            now
        );
}
