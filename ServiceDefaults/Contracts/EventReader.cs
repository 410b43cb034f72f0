using System.Globalization;
using System.Security.Cryptography;
using System.Text.Json;

namespace RealtimeSuite.Contracts;

/// <summary>
/// Reads what arrives, from Kafka or Dapr: a CloudEvent 1.0 in JSON; the raw event of seed 001 without an envelope; or that raw event in
/// the envelope that Dapr puts around it.
/// </summary>
public static class EventReader
{
    private const string DaprEnvelope = "com.dapr.event.sent";

    /// <summary>The event.</summary>
    /// <param name="json">The document.</param>
    /// <param name="place">Where it was found, unique and the same at every delivery: the id of an event that has none.</param>
    /// <exception cref="FormatException">It is none of these; the message says why.</exception>
    public static CloudEvent Read(ReadOnlyMemory<byte> json, string place)
    {
        try
        {
            using var document = JsonDocument.Parse(json);
            return Read(document.RootElement, place);
        }
        catch (JsonException exception)
        {
            throw new FormatException("The value is no event in JSON: " + exception.Message, exception);
        }
    }

    private static CloudEvent Read(JsonElement json, string place)
    {
        if (json.ValueKind != JsonValueKind.Object)
        {
            throw new FormatException("The value is no JSON object.");
        }

        if (!json.TryGetProperty("specversion"u8, out _))
        {
            return FromRaw(json, place)
                ?? throw new FormatException(
                    "The value is neither a CloudEvent nor an event with event_type and user_id."
                );
        }

        var cloudEvent = json.Deserialize(ContractsJson.Wire.CloudEvent);
        if (string.IsNullOrEmpty(cloudEvent?.Id) || string.IsNullOrEmpty(cloudEvent.Type))
        {
            throw new FormatException("The CloudEvent has no id or no type.");
        }

        return cloudEvent.Type == DaprEnvelope ? FromRaw(cloudEvent.Data, cloudEvent.Id) ?? cloudEvent : cloudEvent;
    }

    private static CloudEvent? FromRaw(JsonElement json, string place)
    {
        if (EventFields.Text(json, "event_type") is not { } type || EventFields.Text(json, "user_id") is not { } userId)
        {
            return null;
        }

        var timestamp = EventFields.Text(json, "timestamp");
        return new CloudEvent
        {
            // With a timestamp its content tells it from others, whichever way it comes; without one only its place does.
            Id = timestamp is null ? place : "raw-" + ContentHash(json),
            Source = "/raw",
            Type = type,
            Subject = EventFields.Text(json, "task_id"),
            Time = DateTimeOffset.TryParse(
                timestamp,
                CultureInfo.InvariantCulture,
                DateTimeStyles.AssumeUniversal,
                out var at
            )
                ? at
                : null,
            Audience = Audience.User(userId).ToString(),
            Data = json.Clone(),
        };
    }

    private static string ContentHash(JsonElement json) =>
        Convert.ToHexStringLower(SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(json))[..16]);
}
