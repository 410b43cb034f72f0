using System.Text.Json.Nodes;

namespace RealtimeSuite.Contracts.AsyncApi;

/// <summary>Pieces that several parts of the document are made of.</summary>
internal static class Json
{
    /// <summary>A Reference Object.</summary>
    public static JsonObject Reference(params string[] path) => new() { ["$ref"] = "#/" + string.Join('/', path) };

    /// <summary>The messages of a channel: references to the components.</summary>
    public static JsonObject MessageReferences(IEnumerable<string> ids) =>
        new(ids.Select(id => KeyValuePair.Create<string, JsonNode?>(id, Reference("components", "messages", id))));

    /// <summary>An Operation Object, from the gateway's point of view: it sends or receives.</summary>
    public static JsonObject Operation(string action, string channel, string summary, IEnumerable<string> messages) =>
        new()
        {
            ["action"] = action,
            ["channel"] = Reference("channels", channel),
            ["summary"] = summary,
            ["messages"] = new JsonArray([.. messages.Select(id => Reference("channels", channel, "messages", id))]),
        };

    /// <summary>The schema of a text.</summary>
    public static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };
}
