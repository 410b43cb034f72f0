using System.Text.Json;

namespace RealtimeSuite.Api.Tests;

/// <summary>Short ways to look at answers.</summary>
internal static class Http
{
    /// <summary>The names of the fields that a refusal names.</summary>
    public static IEnumerable<string> Fields(this JsonElement problem) =>
        problem.GetProperty("errors").EnumerateObject().Select(field => field.Name).Order(StringComparer.Ordinal);

    /// <summary>The data of events without their timestamp, as text.</summary>
    public static IEnumerable<string> Facts(this IEnumerable<JsonElement> events) =>
        events.Select(told =>
        {
            var data = told.GetProperty("data")
                .EnumerateObject()
                .Where(field => field.Name != "timestamp")
                .Select(field => $"{field.Name}={field.Value}");
            return $"{told.GetProperty("type")} {string.Join(' ', data)}";
        });
}
