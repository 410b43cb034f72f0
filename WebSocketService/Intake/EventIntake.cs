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
        var events = new AddressedEvent[batch.Count];
        for (var i = 0; i < batch.Count; i++)
        {
            events[i] = EventReader.Read(batch[i]);
        }

        var published = await log.AppendAsync(events);
        telemetry.Published(published, batch.Count - published);
    }
}
