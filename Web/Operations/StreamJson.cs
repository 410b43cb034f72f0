using System.Text.Json.Serialization;
using RealtimeSuite.Web.Operations.Events;
using RealtimeSuite.Web.Operations.Live;

namespace RealtimeSuite.Web.Operations;

/// <summary>How the gateway writes its streams and lists: snake_case. What Web does not know it leaves out.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower)]
[JsonSerializable(typeof(LiveFigures))]
[JsonSerializable(typeof(LiveHistory))]
[JsonSerializable(typeof(TailBatch))]
[JsonSerializable(typeof(TailState))]
[JsonSerializable(typeof(ListPage<ListedConnection>))]
[JsonSerializable(typeof(ListPage<ListedChannel>))]
[JsonSerializable(typeof(Disconnected))]
internal sealed partial class StreamJson : JsonSerializerContext
{
    /// <summary>The only instance.</summary>
    public static StreamJson Wire => Default;
}
