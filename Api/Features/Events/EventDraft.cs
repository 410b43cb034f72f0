using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Api.Features.Events;

/// <summary>An event as a caller sent it: attributes by name, and data, both still to be validated by <see cref="EventRules"/>.</summary>
internal sealed class EventDraft
{
    private const string DataField = "data";

    private static readonly JsonWriterOptions Relaxed = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly Dictionary<string, JsonElement> _attributes = new(StringComparer.Ordinal);

    private EventDraft() { }

    /// <summary>The attributes, extension attributes among them.</summary>
    public IReadOnlyDictionary<string, JsonElement> Attributes => _attributes;

    /// <summary>The payload; undefined when there is none.</summary>
    public JsonElement Data { get; private set; }

    /// <summary>Whether it was an object at all.</summary>
    public bool IsObject { get; private init; }

    /// <summary>The attribute when it is text, else null.</summary>
    public string? this[string name] =>
        _attributes.TryGetValue(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;

    /// <summary>An event in the JSON format; a null attribute counts as absent.</summary>
    public static EventDraft FromJson(JsonElement json)
    {
        var draft = new EventDraft { IsObject = json.ValueKind == JsonValueKind.Object };
        foreach (var field in draft.IsObject ? json.EnumerateObject() : default)
        {
            if (field.NameEquals(DataField))
            {
                draft.Data = field.Value;
            }
            else if (field.Value.ValueKind != JsonValueKind.Null)
            {
                draft._attributes[field.Name] = field.Value;
            }
        }

        return draft;
    }

    /// <summary>An event in binary mode.</summary>
    public static EventDraft FromHeaders(
        IEnumerable<(string Name, string Value)> attributes,
        string? mediaType,
        JsonElement? data
    )
    {
        var draft = new EventDraft { IsObject = true, Data = data ?? default };
        foreach (var (name, value) in attributes)
        {
            draft._attributes[name] = JsonSerializer.SerializeToElement(value);
        }

        if (mediaType is not null)
        {
            draft._attributes["datacontenttype"] = JsonSerializer.SerializeToElement(mediaType);
        }

        return draft;
    }

    /// <summary>The record that Kafka gets. An event without a time gets that of its arrival, so that it is the same on every socket.</summary>
    public EventRecord ToRecord(DateTimeOffset now)
    {
        var json = new ArrayBufferWriter<byte>(512);
        using (var writer = new Utf8JsonWriter(json, Relaxed))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in _attributes)
            {
                writer.WritePropertyName(name);
                value.WriteTo(writer);
            }

            if (!_attributes.ContainsKey("time"))
            {
                writer.WriteString("time"u8, UtcTimestamp.Write(now));
            }

            if (Data.ValueKind != JsonValueKind.Undefined)
            {
                writer.WritePropertyName(DataField);
                Data.WriteTo(writer);
            }

            writer.WriteEndObject();
        }

        var type = this["type"]!;
        var key = EventRoutes.KeyOf(
            new CloudEvent
            {
                Id = this["id"]!,
                Source = this["source"]!,
                Type = type,
                Subject = this["subject"],
                Audience = this["audience"],
                Data = Data,
            }
        );
        return new EventRecord(EventRoutes.TopicOf(type), key, this["id"]!, type, json.WrittenSpan.ToArray());
    }
}
