using System.Diagnostics;
using Microsoft.Extensions.Options;
using RealtimeSuite.Contracts;
using RealtimeSuite.Messaging;
using RealtimeSuite.Notifications.Store;

namespace RealtimeSuite.Notifications.Rules;

/// <summary>
/// From Kafka to the store, in a consumer group of its own. Delivery guarantee: at least once from Kafka, once per notification
/// because <see cref="NotificationStore"/> knows the ids of events.
/// </summary>
internal sealed class EventIntake(NotificationStore store, IOptions<NotificationOptions> options) : IKafkaRecordHandler
{
    /// <summary>The consumer group.</summary>
    public const string Group = "notification-service";

    /// <inheritdoc/>
    public Task HandleAsync(IReadOnlyList<KafkaRecord> batch, CancellationToken cancellationToken)
    {
        var drafts = new List<(KafkaRecord Record, string EventId, NotificationDraft Draft)>(batch.Count);
        foreach (var record in batch)
        {
            var cloudEvent = Read(record);
            if (NotificationRules.Apply(cloudEvent, options.Value.LowStock) is { } draft)
            {
                drafts.Add((record, cloudEvent.Id, draft));
            }
        }

        // Begun in order on one connection, they are carried out in order.
        return Task.WhenAll(drafts.Select(entry => AddAsync(entry.Record, entry.EventId, entry.Draft)));
    }

    private async Task AddAsync(KafkaRecord record, string eventId, NotificationDraft draft)
    {
        using var span = NotificationTelemetry.Source.StartActivity("notify", ActivityKind.Internal, record.Span);
        span?.SetTag("cloudevents.event_id", eventId);
        var (outcome, _) = await store.AddAsync(draft, eventId);
        span?.SetTag("realtime.outcome", outcome.ToString());
    }

    private static CloudEvent Read(KafkaRecord record)
    {
        try
        {
            return EventReader.Read(record.Value, $"{record.Topic}/{record.Partition}/{record.Offset}");
        }
        catch (FormatException exception)
        {
            throw new UnreadableRecordException(record, exception.Message, exception);
        }
    }
}
