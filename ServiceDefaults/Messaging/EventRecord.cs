using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Messaging;

/// <summary>An event as it is written to Kafka.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Key">The key: what has one key keeps its order.</param>
/// <param name="Id">The CloudEvent's id.</param>
/// <param name="Type">The CloudEvent's type.</param>
/// <param name="Json">The CloudEvent in JSON.</param>
public sealed record EventRecord(string Topic, string Key, string Id, string Type, byte[] Json)
{
    /// <summary>The record of an event, with the topic and the key that <see cref="EventRoutes"/> gives it.</summary>
    public static EventRecord Of(CloudEvent cloudEvent) =>
        Of(cloudEvent, EventRoutes.TopicOf(cloudEvent.Type), EventRoutes.KeyOf(cloudEvent));

    internal static EventRecord Of(CloudEvent cloudEvent, string topic, string key) =>
        new(
            topic,
            key,
            cloudEvent.Id,
            cloudEvent.Type,
            JsonSerializer.SerializeToUtf8Bytes(cloudEvent, ContractsJson.Wire.CloudEvent)
        );

    internal Activity? StartSpan(ActivityContext cause)
    {
        var span = MessagingTelemetry.Source.StartActivity("publish " + Topic, ActivityKind.Producer, cause);
        span?.SetTag("messaging.system", "kafka");
        span?.SetTag("messaging.operation.type", "send");
        span?.SetTag("messaging.destination.name", Topic);
        span?.SetTag("messaging.kafka.message.key", Key);
        span?.SetTag("cloudevents.event_id", Id);
        return span;
    }

    internal Message<string, byte[]> ToMessage(string? traceParent)
    {
        var headers = new Headers
        {
            { KafkaHeaders.EventId, Encoding.UTF8.GetBytes(Id) },
            { KafkaHeaders.EventType, Encoding.UTF8.GetBytes(Type) },
        };
        if (traceParent is not null)
        {
            headers.Add(KafkaHeaders.TraceParent, Encoding.UTF8.GetBytes(traceParent));
        }

        return new Message<string, byte[]>
        {
            Key = Key,
            Value = Json,
            Headers = headers,
        };
    }
}
