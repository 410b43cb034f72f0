using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace RealtimeSuite.Deploy.Tests;

/// <summary>Reads YAML as the JSON that it stands for, as <c>kubectl</c> does.</summary>
internal static class YamlFile
{
    /// <summary>Every document of a text; empty ones are left out.</summary>
    public static IReadOnlyList<JsonNode> Read(string text)
    {
        var stream = new YamlStream();
        stream.Load(new StringReader(text));
        return [.. stream.Documents.Select(document => ToJson(document.RootNode)).OfType<JsonNode>()];
    }

    private static JsonNode? ToJson(YamlNode node) =>
        node switch
        {
            YamlMappingNode mapping => new JsonObject(
                mapping.Children.Select(child =>
                    KeyValuePair.Create(((YamlScalarNode)child.Key).Value!, ToJson(child.Value))
                )
            ),
            YamlSequenceNode sequence => new JsonArray([.. sequence.Children.Select(ToJson)]),
            YamlScalarNode { Style: ScalarStyle.Plain } plain => PlainScalar(plain.Value!),
            YamlScalarNode quoted => JsonValue.Create(quoted.Value),
            _ => throw new NotSupportedException($"{node.NodeType} at line {node.Start.Line} is not read."),
        };

    /// <summary>YAML 1.1's <c>yes</c>, <c>on</c> and the like, which kubectl takes for booleans, are refused: write them in quotes.</summary>
    private static JsonValue? PlainScalar(string value) =>
        value switch
        {
            "" or "~" or "null" => null,
            "true" => JsonValue.Create(true),
            "false" => JsonValue.Create(false),
            _ when value.ToLowerInvariant() is "yes" or "no" or "on" or "off" or "y" or "n" =>
                throw new FormatException($"'{value}' must be in quotes: YAML takes it for a boolean."),
            _ when long.TryParse(value, CultureInfo.InvariantCulture, out var whole) => Number(whole),
            _ when double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) => Number(
                number
            ),
            _ => JsonValue.Create(value),
        };

    /// <summary>A number as it is in a parsed document, which is read as any type that it fits.</summary>
    private static JsonValue Number(IFormattable number) =>
        (JsonValue)JsonNode.Parse(number.ToString(null, CultureInfo.InvariantCulture))!;
}
