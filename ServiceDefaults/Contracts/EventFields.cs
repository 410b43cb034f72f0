using System.Text.Json;

namespace RealtimeSuite.Contracts;

/// <summary>Reads fields of a payload that may be anything.</summary>
public static class EventFields
{
    /// <summary>A field with text in it, or null.</summary>
    public static string? Text(JsonElement json, string name) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty(name, out var value)
        && value.ValueKind == JsonValueKind.String
        && value.GetString() is { Length: > 0 } text
            ? text
            : null;
}
