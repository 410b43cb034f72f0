using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Schema;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace RealtimeSuite.Contracts.AsyncApi;

/// <summary>
/// JSON schemas of the contracts, made from the types that are serialised: a record of the contracts within another becomes a reference.
/// A field is required unless it is left out when null; a field without a setter is a constant.
/// </summary>
internal sealed class FrameSchemas
{
    private readonly SortedDictionary<string, JsonNode?> _schemas = new(StringComparer.Ordinal);

    /// <summary>The schemas that were referred to, by name.</summary>
    public JsonObject Components => new(_schemas);

    /// <summary>The schema of a whole frame.</summary>
    public JsonObject Frame(MessageContract message)
    {
        var schema = Export(message.Type);
        foreach (var field in message.Type.Properties.Where(IsConstant))
        {
            schema["properties"]![field.Name] = new JsonObject
            {
                ["type"] = "string",
                ["const"] = (string)field.Get!(message.Example)!,
            };
        }

        return schema;
    }

    /// <summary>A reference to the schema of a type.</summary>
    public JsonObject Reference(JsonTypeInfo type)
    {
        var name = type.Type.Name;
        if (!_schemas.ContainsKey(name))
        {
            _schemas[name] = null;
            _schemas[name] = Export(type);
        }

        return new JsonObject { ["$ref"] = "#/components/schemas/" + name };
    }

    private JsonObject Export(JsonTypeInfo type) =>
        type.GetJsonSchemaAsNode(
                new JsonSchemaExporterOptions
                {
                    TreatNullObliviousAsNonNullable = true,
                    TransformSchemaNode = Transform,
                }
            )
            .AsObject();

    private JsonObject Transform(JsonSchemaExporterContext context, JsonNode schema)
    {
        var type = Nullable.GetUnderlyingType(context.TypeInfo.Type) ?? context.TypeInfo.Type;
        if (type == typeof(DateTimeOffset))
        {
            return new JsonObject { ["type"] = "string", ["format"] = "date-time" };
        }

        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object && !context.Path.IsEmpty)
        {
            return Reference(context.TypeInfo);
        }

        // "true" is valid JSON Schema for anything, but not a Schema Object.
        var node = schema.GetValueKind() == JsonValueKind.Object ? schema.AsObject() : [];
        if (context.PropertyInfo is { } property && IsLeftOutWhenNull(property) && node["type"] is JsonArray types)
        {
            node["type"] = types.First(name => name!.GetValue<string>() != "null")!.DeepClone();
        }

        if (context.TypeInfo.Kind == JsonTypeInfoKind.Object)
        {
            node["required"] = new JsonArray([
                .. context
                    .TypeInfo.Properties.Where(field => !IsLeftOutWhenNull(field))
                    .Select(field => JsonValue.Create(field.Name)),
            ]);
        }

        return node;
    }

    private static bool IsConstant(JsonPropertyInfo field) =>
        field.AttributeProvider is PropertyInfo { CanWrite: false };

    private static bool IsLeftOutWhenNull(JsonPropertyInfo field) =>
        field.AttributeProvider?.GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: false)
            is [JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull }, ..];
}
