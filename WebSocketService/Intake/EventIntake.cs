using System.Diagnostics;
using RealtimeSuite.Contracts;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Gateway.Intake;

/// <summary>
/// From Kafka to the channels. All replicas are one consumer group, so each record is handled by one of them, which numbers and
/// publishes it for all. Delivery guarantee: at least once from Kafka, once per channel because <see cref="ChannelLog"/> knows the ids.
/// </summary>
internal sealed class EventIntake(ChannelLog log, GatewayTelemetry telemetry) : IKafkaRecordHandler
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
    }

    /// <summary>Takes one event that came another way. Answers false when it reaches nobody.</summary>
    public async Task<bool> TakeAsync(CloudEvent cloudEvent, ActivityContext cause)
    {
        var events = EventAddress
            .Of(cloudEvent)
            .Select(channel => new AddressedEvent(channel, cloudEvent, cause))
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

            foreach (var channel in channels)
            {
                events.Add(new AddressedEvent(channel, cloudEvent, record.Span));
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
            var published = await log.AppendAsync(events);
            telemetry.Published(published, events.Count - published);
        }
    }
}
