using System.Text.Json;
using System.Text.RegularExpressions;

namespace RealtimeSuite.Testing;

/// <summary>
/// Checks JSON against the schemas of the AsyncAPI document: the keywords that it uses, and no others. Stricter than a schema asks: a
/// field that the schema does not know is a fault, as it would be missing from the documentation.
/// </summary>
public sealed partial class SchemaCheck(JsonElement document)
{
    private static readonly HashSet<string> Annotations = ["description", "examples", "title"];

    /// <summary>The faults of a frame as a message of the document; none when it is as documented.</summary>
    public IReadOnlyList<string> Message(string id, JsonElement frame)
    {
        var faults = new List<string>();
        var message = document.GetProperty("components").GetProperty("messages").GetProperty(id);
        Check(message.GetProperty("payload"), frame, id, faults);
        return faults;
    }

    private void Check(JsonElement schema, JsonElement value, string at, List<string> faults)
    {
        if (schema.TryGetProperty("$ref", out var reference))
        {
            Check(Resolve(reference.GetString()!), value, at, faults);
            return;
        }

        foreach (var keyword in schema.EnumerateObject())
        {
            switch (keyword.Name)
            {
                case "type" when !HasType(keyword.Value, value):
                    faults.Add($"{at}: {value.ValueKind} is no {keyword.Value}");
                    return;
                case "const" when !JsonElement.DeepEquals(keyword.Value, value):
                    faults.Add($"{at}: {value} is not {keyword.Value}");
                    break;
                case "format" when !Timestamp().IsMatch(value.GetString()!):
                    faults.Add($"{at}: {value} is no {keyword.Value}");
                    break;
                case "required":
                    faults.AddRange(
                        from field in keyword.Value.EnumerateArray()
                        where !value.TryGetProperty(field.GetString()!, out _)
                        select $"{at}: {field} is missing"
                    );
                    break;
                case "properties":
                    CheckProperties(keyword.Value, value, at, faults);
                    break;
                case "additionalProperties":
                    foreach (var field in value.EnumerateObject())
                    {
                        Check(keyword.Value, field.Value, $"{at}.{field.Name}", faults);
                    }

                    break;
                case "items":
                    foreach (var item in value.EnumerateArray())
                    {
                        Check(keyword.Value, item, at + "[]", faults);
                    }

                    break;
                case "type" or "const" or "format":
                    break;
                default:
                    if (!Annotations.Contains(keyword.Name))
                    {
                        throw new NotSupportedException($"The keyword {keyword.Name} is not checked.");
                    }

                    break;
            }
        }
    }

    private void CheckProperties(JsonElement properties, JsonElement value, string at, List<string> faults)
    {
        foreach (var field in value.EnumerateObject())
        {
            if (properties.TryGetProperty(field.Name, out var schema))
            {
                Check(schema, field.Value, $"{at}.{field.Name}", faults);
            }
            else
            {
                faults.Add($"{at}: {field.Name} is not documented");
            }
        }
    }

    private JsonElement Resolve(string reference) =>
        reference[2..].Split('/').Aggregate(document, (node, name) => node.GetProperty(name));

    private static bool HasType(JsonElement type, JsonElement value) =>
        type.ValueKind == JsonValueKind.Array
            ? type.EnumerateArray().Any(one => HasType(one, value))
            : type.GetString() switch
            {
                "string" => value.ValueKind == JsonValueKind.String,
                "boolean" => value.ValueKind is JsonValueKind.True or JsonValueKind.False,
                "integer" => value.ValueKind == JsonValueKind.Number && value.TryGetInt64(out _),
                "number" => value.ValueKind == JsonValueKind.Number,
                "object" => value.ValueKind == JsonValueKind.Object,
                "array" => value.ValueKind == JsonValueKind.Array,
                "null" => value.ValueKind == JsonValueKind.Null,
                var other => throw new NotSupportedException($"The type {other} is not checked."),
            };

    [GeneratedRegex(
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}\\.[0-9]{3}Z$",
        RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Timestamp();
}
