using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Gateway.Intake;

/// <summary>Reads a Kafka record as an event for a channel: a CloudEvent with an audience, or the raw task event of seed 001.</summary>
internal static class EventReader
{
    /// <exception cref="UnreadableRecordException">It is neither.</exception>
    public static AddressedEvent Read(KafkaRecord record)
    {
        var cloudEvent = Parse(record);
        if (!Audience.TryParse(cloudEvent.Audience, out var audience))
        {
            throw new UnreadableRecordException(record, "The event has no audience that is understood.");
        }

        var channel =
            Channels.For(audience)
            ?? throw new UnreadableRecordException(record, $"Nobody can be reached by the audience {audience}.");
        return new AddressedEvent(channel, cloudEvent, record.Span);
    }

    private static CloudEvent Parse(KafkaRecord record)
    {
        try
        {
            using var json = JsonDocument.Parse(record.Value);
            if (json.RootElement.ValueKind != JsonValueKind.Object)
            {
                throw new UnreadableRecordException(record, "The value is no JSON object.");
            }

            if (!json.RootElement.TryGetProperty("specversion"u8, out _))
            {
                return FromRawTaskEvent(record, json.RootElement);
            }

            var cloudEvent = json.RootElement.Deserialize(ContractsJson.Wire.CloudEvent);
            return string.IsNullOrEmpty(cloudEvent?.Id) || string.IsNullOrEmpty(cloudEvent.Type)
                ? throw new UnreadableRecordException(record, "The CloudEvent has no id or no type.")
                : cloudEvent;
        }
        catch (JsonException exception)
        {
            throw new UnreadableRecordException(
                record,
                "The value is no CloudEvent in JSON: " + exception.Message,
                exception
            );
        }
    }

    private static CloudEvent FromRawTaskEvent(KafkaRecord record, JsonElement json)
    {
        if (Text(json, "event_type") is not { } type || Text(json, "user_id") is not { } userId)
        {
            throw new UnreadableRecordException(
                record,
                "The value is neither a CloudEvent nor an event with event_type and user_id."
            );
        }

        return new CloudEvent
        {
            // The raw event has no id: its place in Kafka is unique and the same at every delivery.
            Id = record.Header(KafkaHeaders.EventId) ?? $"{record.Topic}/{record.Partition}/{record.Offset}",
            Source = "/" + record.Topic,
            Type = type,
            Subject = Text(json, "task_id"),
            Time =
                Text(json, "timestamp") is { } time
                && DateTimeOffset.TryParse(time, null, System.Globalization.DateTimeStyles.AssumeUniversal, out var at)
                    ? at
                    : null,
            Audience = Audience.User(userId).ToString(),
            Data = json.Clone(),
        };
    }

    private static string? Text(JsonElement json, string name) =>
        json.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
