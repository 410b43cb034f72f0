using System.Text.Json;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Web;

/// <summary>How the services write JSON.</summary>
internal static class ServiceJson
{
    public static JsonSerializerOptions Options { get; } =
        ContractsJson.Configure(new JsonSerializerOptions(JsonSerializerDefaults.Web));
}
