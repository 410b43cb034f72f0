using RealtimeSuite.Contracts;
using RealtimeSuite.Messaging;
using RealtimeSuite.Notifications.Channels;
using RealtimeSuite.Notifications.Rules;
using RealtimeSuite.Notifications.Store;

namespace RealtimeSuite.Notifications;

/// <summary>The parts of the service, in the order in which an event meets them.</summary>
internal static class NotificationSetup
{
    /// <summary>Registers them.</summary>
    public static void AddNotifications(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<NotificationOptions>()
            .BindConfiguration(NotificationOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<NotificationTelemetry>();

        // From Kafka to the store.
        builder.AddKafkaHandler<EventIntake>(
            EventIntake.Group,
            KafkaTopics.TaskUpdates,
            KafkaTopics.BookUpdates,
            KafkaTopics.OrderEvents,
            KafkaTopics.ProductEvents
        );
        builder.AddOutbox("notifications");
        builder.Services.AddSingleton<NotificationStore>();
        builder.Services.AddSingleton<NotificationReader>();
        builder.Services.AddSingleton<PreferenceStore>();

        // From the store to mailboxes and other systems; to sockets through the outbox.
        builder.AddChannels();
    }
}
