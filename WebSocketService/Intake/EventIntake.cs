using System.Diagnostics;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Gateway.Intake;

/// <summary>
/// From Kafka to the channels. All replicas are one consumer group, so each record is handled by one of them, which numbers and
/// publishes it for all. Delivery guarantee: at least once from Kafka, once per channel because <see cref="ChannelLog"/> knows the ids.
/// </summary>
internal sealed class EventIntake(
    ChannelLog log,
    PositionBoard positions,
    GatewayTelemetry telemetry,
    TimeProvider clock
) : IKafkaRecordHandler
{
    /// <summary>The consumer group of the gateway.</summary>
    public const string Group = "websocket-service";

    /// <inheritdoc/>
    public async Task HandleAsync(IReadOnlyList<KafkaRecord> batch, CancellationToken cancellationToken)
    {
        var events = new List<AddressedEvent>(batch.Count);
        foreach (var record in batch)
        {
            Address(events, record);
        }

        await AppendAsync(events);
        positions.Handled(
            batch
                .GroupBy(record => (record.Topic, record.Partition))
                .Select(records => new KafkaPlace(
                    records.Key.Topic,
                    records.Key.Partition,
                    records.Max(record => record.Offset) + 1
                ))
        );
    }

    /// <summary>Takes one event that came another way. Answers false when it reaches nobody.</summary>
    public async Task<bool> TakeAsync(CloudEvent cloudEvent, ActivityContext cause)
    {
        var events = EventAddress
            .Of(cloudEvent)
            .Select(channel => new AddressedEvent(channel, cloudEvent, cause, Place: null))
            .ToList();
        await AppendAsync(events);
        return events.Count > 0;
    }

    private static void Address(List<AddressedEvent> events, KafkaRecord record)
    {
        try
        {
            var cloudEvent = EventReader.Read(record.Value, $"{record.Topic}/{record.Partition}/{record.Offset}");
            var channels = EventAddress.Of(cloudEvent);
            if (channels.Count == 0)
            {
                throw new UnreadableRecordException(record, "The event has no audience that is understood.");
            }

            var place = new KafkaPlace(record.Topic, record.Partition, record.Offset);
            foreach (var channel in channels)
            {
                events.Add(new AddressedEvent(channel, cloudEvent, record.Span, place));
            }
        }
        catch (FormatException exception)
        {
            throw new UnreadableRecordException(record, exception.Message, exception);
        }
    }

    private async Task AppendAsync(List<AddressedEvent> events)
    {
        if (events.Count > 0)
        {
            var now = clock.GetUtcNow();
            var appended = await log.AppendAsync(events);
            telemetry.Published(appended.New, events.Count - appended.New);
            telemetry.Ledger.Published(appended.Copies);
            telemetry.Deliveries.WereNumbered(events, appended, now);
        }
    }
}
