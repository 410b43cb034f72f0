using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Messaging.Outbox;

/// <summary>An event that waits in Redis for its way to Kafka. Stored as JSON, one list element each.</summary>
/// <param name="Topic">The Kafka topic.</param>
/// <param name="Key">The Kafka key: id of the aggregate, whose events keep their order.</param>
/// <param name="TraceParent">The span that caused the event, so that one trace spans the whole way; null without one.</param>
/// <param name="At">When it was written.</param>
/// <param name="Event">The event.</param>
public sealed record OutboxEntry(string Topic, string Key, string? TraceParent, DateTimeOffset At, CloudEvent Event)
{
    /// <summary>An entry for <paramref name="cloudEvent"/>, caused by the current span.</summary>
    public static OutboxEntry For(string topic, string key, CloudEvent cloudEvent, DateTimeOffset now) =>
        new(topic, key, Activity.Current?.Id, now, cloudEvent);

    internal byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, OutboxJson.Wire.OutboxEntry);

    internal static OutboxEntry FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, OutboxJson.Wire.OutboxEntry)
        ?? throw new JsonException("An outbox entry is null.");
}

[JsonSerializable(typeof(OutboxEntry))]
internal sealed partial class OutboxJson : JsonSerializerContext
{
    public static OutboxJson Wire { get; } = new(ContractsJson.Configure(new JsonSerializerOptions()));
}
