using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;

namespace RealtimeSuite.Contracts;

/// <summary>How contracts are written as JSON: snake_case names, times as <see cref="UtcTimestamp"/>.</summary>
[JsonSerializable(typeof(CloudEvent))]
[JsonSerializable(typeof(TaskEvent))]
public sealed partial class ContractsJson : JsonSerializerContext
{
    /// <summary>The context to use: text in any script stays readable, as a frame is never inlined into HTML.</summary>
    public static ContractsJson Wire { get; } = new(Configure(new JsonSerializerOptions()));

    /// <summary>Gives <paramref name="options"/> the conventions of the wire.</summary>
    public static JsonSerializerOptions Configure(JsonSerializerOptions options)
    {
        options.PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower;
        options.Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping;
        options.Converters.Add(new UtcTimestamp());
        return options;
    }
}
