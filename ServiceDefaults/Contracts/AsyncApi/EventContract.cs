using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace RealtimeSuite.Contracts.AsyncApi;

/// <summary>An event in its two forms: a frame on sockets, a CloudEvent on Kafka.</summary>
/// <param name="CloudEventTypes">The types that the CloudEvent may have; the example has the first.</param>
/// <param name="Frame">The frame.</param>
/// <param name="Data">The contract of the CloudEvent's data.</param>
/// <param name="Example">One such data.</param>
internal sealed record EventContract(
    IReadOnlyList<string> CloudEventTypes,
    MessageContract Frame,
    JsonTypeInfo Data,
    object Example
)
{
    /// <summary>The key of the CloudEvent under <c>components/messages</c>.</summary>
    public string RecordId => Frame.Id + "Record";

    /// <summary>The CloudEvent as a Message Object.</summary>
    public JsonObject ToRecord(FrameSchemas schemas, string audience) =>
        new()
        {
            ["name"] = RecordId,
            ["summary"] = Frame.Summary,
            ["contentType"] = "application/cloudevents+json",
            ["headers"] = Headers(),
            ["payload"] = new JsonObject
            {
                ["allOf"] = new JsonArray(
                    schemas.Reference(Frames.FramesJson.Wire.CloudEvent),
                    new JsonObject
                    {
                        ["properties"] = new JsonObject
                        {
                            ["type"] = new JsonObject
                            {
                                ["enum"] = new JsonArray([.. CloudEventTypes.Select(type => JsonValue.Create(type))]),
                            },
                            ["data"] = schemas.Reference(Data),
                        },
                    }
                ),
            },
            ["examples"] = new JsonArray(new JsonObject { ["payload"] = RecordExample(audience) }),
        };

    private JsonNode? RecordExample(string audience) =>
        JsonSerializer.SerializeToNode(
            new CloudEvent
            {
                Id = Examples.Uuid,
                Source = "/api",
                Type = CloudEventTypes[0],
                Time = Examples.Time,
                Audience = audience,
                Data = JsonSerializer.SerializeToElement(Example, Data),
            },
            Frames.FramesJson.Wire.CloudEvent
        );

    private static JsonObject Headers() =>
        new()
        {
            ["type"] = "object",
            ["properties"] = new JsonObject
            {
                [KafkaHeaders.TraceParent] = Json.Text("W3C trace context of the producing span."),
                [KafkaHeaders.EventId] = Json.Text("The CloudEvent's id."),
                [KafkaHeaders.EventType] = Json.Text("The CloudEvent's type."),
            },
        };
}
