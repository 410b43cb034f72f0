using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;

namespace RealtimeSuite.Contracts.AsyncApi;

/// <summary>A message of the document: the contract's type is its schema, the example shows it and gives the constant fields their values.</summary>
/// <param name="Id">The key under <c>components/messages</c>.</param>
/// <param name="Summary">A sentence for people.</param>
/// <param name="Type">The contract.</param>
/// <param name="Example">One message.</param>
internal sealed record MessageContract(string Id, string Summary, JsonTypeInfo Type, object Example)
{
    /// <summary>A message with the example's type.</summary>
    public static MessageContract Of<T>(string id, string summary, JsonTypeInfo<T> type, T example)
        where T : notnull => new(id, summary, type, example);

    /// <summary>As a Message Object.</summary>
    public JsonObject ToJson(FrameSchemas schemas) =>
        new()
        {
            ["name"] = Id,
            ["summary"] = Summary,
            ["contentType"] = "application/json",
            ["payload"] = schemas.Frame(this),
            ["examples"] = new JsonArray(
                new JsonObject { ["payload"] = JsonSerializer.SerializeToNode(Example, Type) }
            ),
        };
}
