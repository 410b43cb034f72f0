using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeSuite.Contracts;

/// <summary>One event in the JSON format of CloudEvents 1.0 (source: CloudEvents 1.0.2, JSON event format).</summary>
public sealed record CloudEvent
{
    /// <summary>Always <c>1.0</c>.</summary>
    [JsonPropertyName("specversion")]
    public string SpecVersion { get; init; } = "1.0";

    /// <summary>Unique per event; the same after every redelivery and replay.</summary>
    [JsonPropertyName("id")]
    public required string Id { get; init; }

    /// <summary>URI reference of the producer, for example <c>/api/tasks</c>.</summary>
    [JsonPropertyName("source")]
    public required string Source { get; init; }

    /// <summary>For example <c>task.created</c>.</summary>
    [JsonPropertyName("type")]
    public required string Type { get; init; }

    /// <summary>Id of the aggregate that the event is about.</summary>
    [JsonPropertyName("subject")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Subject { get; init; }

    /// <summary>When it happened, RFC 3339, UTC.</summary>
    [JsonPropertyName("time")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? Time { get; init; }

    /// <summary>Always <c>application/json</c> in this suite.</summary>
    [JsonPropertyName("datacontenttype")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? DataContentType { get; init; } = "application/json";

    /// <summary>Who receives it: an extension attribute, see <see cref="Contracts.Audience"/>.</summary>
    [JsonPropertyName("audience")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Audience { get; init; }

    /// <summary>The payload, as the producer wrote it; undefined when there is none.</summary>
    [JsonPropertyName("data")]
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingDefault)]
    public JsonElement Data { get; init; }
}
