using System.Text.Json.Nodes;
using RealtimeSuite.Contracts.Frames;

namespace RealtimeSuite.Contracts.AsyncApi;

/// <summary>Where other backends publish: the Kafka topics, and the Redis channel of a user.</summary>
internal static class BrokerChannels
{
    /// <summary>The message of seed 001 that is no CloudEvent.</summary>
    public const string RawTaskEvent = "rawTaskEvent";

    /// <summary>A CloudEvent of any type.</summary>
    public const string AnyRecord = "anyRecord";

    /// <summary>Text that is forwarded verbatim (source: seed 002).</summary>
    public const string RawText = "rawText";

    private const string RedisChannelId = "userText";

    /// <summary>Each topic, the events that it carries, and an audience that they may have.</summary>
    public static IReadOnlyList<(string Topic, string Audience, IReadOnlyList<EventContract> Events)> Topics { get; } =
    [
        (KafkaTopics.TaskUpdates, UserAudience, [EventMessages.TaskUpdate]),
        (KafkaTopics.BookUpdates, "role:" + Roles.Admin, [EventMessages.BookUpdate]),
        (KafkaTopics.OrderEvents, "order:" + Examples.Order, OrderMessages.All),
        (KafkaTopics.ProductEvents, "topic:products", ProductMessages.All),
        (
            KafkaTopics.Notifications,
            UserAudience,
            [EventMessages.NotificationCreated, EventMessages.NotificationUpdated]
        ),
    ];

    private static string UserAudience => Audience.User(Examples.User).ToString();

    /// <summary>The channels, with the operations of the gateway on them.</summary>
    public static void AddTo(JsonObject channels, JsonObject operations)
    {
        foreach (var (topic, _, events) in Topics)
        {
            var ids = MessagesOf(topic, events);
            channels[topic] = new JsonObject
            {
                ["address"] = topic,
                ["summary"] =
                    "CloudEvents 1.0 in JSON; the key is the aggregate's id. What cannot be read goes to "
                    + KafkaTopics.DeadLetter(topic)
                    + ".",
                ["servers"] = new JsonArray(Json.Reference("servers", "kafka")),
                ["messages"] = Json.MessageReferences(ids),
                ["bindings"] = new JsonObject
                {
                    ["kafka"] = new JsonObject { ["topic"] = topic, ["bindingVersion"] = "0.5.0" },
                },
            };
            operations["consume-" + topic] = Json.Operation("receive", topic, "Reads the topic.", ids);
        }

        channels[RedisChannelId] = new JsonObject
        {
            ["address"] = RedisChannels.RawUser("{user_id}"),
            ["summary"] = "Whatever is published here is forwarded verbatim to all sockets of the user.",
            ["servers"] = new JsonArray(Json.Reference("servers", "redis")),
            ["messages"] = Json.MessageReferences([RawText]),
            ["parameters"] = new JsonObject
            {
                ["user_id"] = new JsonObject
                {
                    ["description"] = "The user.",
                    ["examples"] = new JsonArray(Examples.User),
                },
            },
        };
        operations["forwardText"] = Json.Operation("receive", RedisChannelId, "Forwards the text.", [RawText]);
    }

    /// <summary>The messages of these channels.</summary>
    public static void AddMessagesTo(JsonObject messages, FrameSchemas schemas)
    {
        foreach (var (_, audience, events) in Topics)
        {
            foreach (var contract in events)
            {
                messages[contract.RecordId] = contract.ToRecord(schemas, audience);
            }
        }

        messages[AnyRecord] = new JsonObject
        {
            ["name"] = AnyRecord,
            ["summary"] = "An event of no kind of the suite's own; the attribute audience says who gets it.",
            ["contentType"] = "application/cloudevents+json",
            ["payload"] = schemas.Reference(FramesJson.Wire.CloudEvent),
        };
        messages[RawTaskEvent] = new JsonObject
        {
            ["name"] = RawTaskEvent,
            ["summary"] = "A task event without envelope, as plain publishers send it.",
            ["contentType"] = "application/json",
            ["payload"] = new JsonObject
            {
                ["type"] = "object",
                ["properties"] = new JsonObject
                {
                    ["event_type"] = Json.Text("For example task.created."),
                    ["user_id"] = Json.Text("The task's owner, who receives the event."),
                    ["task_id"] = Json.Text("The task."),
                    ["title"] = Json.Text("The task's title."),
                },
                ["required"] = new JsonArray("event_type", "user_id"),
            },
        };
        messages[RawText] = new JsonObject
        {
            ["name"] = RawText,
            ["summary"] = "Any text.",
            ["contentType"] = "text/plain",
            ["payload"] = Json.Text("Forwarded as one text message, byte by byte."),
        };
    }

    private static string[] MessagesOf(string topic, IReadOnlyList<EventContract> events) =>
        [
            .. events.Select(contract => contract.RecordId),
            AnyRecord,
            .. topic == KafkaTopics.TaskUpdates ? [RawTaskEvent] : Array.Empty<string>(),
        ];
}
