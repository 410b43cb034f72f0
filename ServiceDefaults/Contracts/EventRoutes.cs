using System.Collections.Frozen;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RealtimeSuite.Contracts.AsyncApi;

namespace RealtimeSuite.Contracts;

/// <summary>
/// Which Kafka topic and key an event gets. Events of the suite's own kinds go where its services write them, under the id of their
/// aggregate; all others to <see cref="KafkaTopics.Notifications"/>, under their subject, else their audience.
/// </summary>
public static class EventRoutes
{
    private static readonly FrozenDictionary<string, (string Topic, JsonTypeInfo Data)> Kinds = BrokerChannels
        .Topics.SelectMany(topic =>
            topic.Events.SelectMany(contract =>
                contract.CloudEventTypes.Select(type => KeyValuePair.Create(type, (topic.Topic, contract.Data)))
            )
        )
        .ToFrozenDictionary(StringComparer.Ordinal);

    /// <summary>The topic of events of that type.</summary>
    public static string TopicOf(string type) =>
        Kinds.TryGetValue(type, out var kind) ? kind.Topic
        : type.StartsWith("task.", StringComparison.Ordinal) ? KafkaTopics.TaskUpdates
        : type.StartsWith("order_", StringComparison.Ordinal) ? KafkaTopics.OrderEvents
        : type.StartsWith("product_", StringComparison.Ordinal) ? KafkaTopics.ProductEvents
        : KafkaTopics.Notifications;

    /// <summary>The key of an event: what has one key keeps its order.</summary>
    public static string KeyOf(CloudEvent cloudEvent) =>
        AggregateOf(TopicOf(cloudEvent.Type), cloudEvent.Data)
        ?? cloudEvent.Subject
        ?? cloudEvent.Audience
        ?? cloudEvent.Id;

    /// <summary>The contract of the <c>data</c> of events of that type; null for a type of no kind of the suite's own.</summary>
    public static JsonTypeInfo? DataOf(string type) => Kinds.TryGetValue(type, out var kind) ? kind.Data : null;

    private static string? AggregateOf(string topic, JsonElement data)
    {
        var field = topic switch
        {
            KafkaTopics.TaskUpdates => "task_id",
            KafkaTopics.BookUpdates => "book_id",
            KafkaTopics.OrderEvents => "order_id",
            KafkaTopics.ProductEvents => "product_id",
            _ => null,
        };
        return
            field is not null
            && data.ValueKind == JsonValueKind.Object
            && data.TryGetProperty(field, out var id)
            && id.ValueKind is JsonValueKind.String or JsonValueKind.Number
            ? id.ToString()
            : null;
    }
}
