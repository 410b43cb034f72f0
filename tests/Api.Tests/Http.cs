using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RealtimeSuite.Api.Tests;

/// <summary>Short ways to call and to look at answers.</summary>
internal static class Http
{
    /// <summary>Adds a resource and answers it.</summary>
    public static async Task<JsonElement> AddAsync(this HttpClient client, string path, object input)
    {
        using var answer = await client.PostAsJsonAsync(path, input);
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
        var resource = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal($"{path}/{resource.GetProperty("id")}", answer.Headers.Location?.ToString());
        return resource;
    }

    /// <summary>Calls and answers the body, which must come with that status.</summary>
    public static async Task<JsonElement> CallAsync(
        this HttpClient client,
        HttpMethod method,
        string path,
        object? input = null,
        HttpStatusCode expected = HttpStatusCode.OK,
        string? ifMatch = null
    )
    {
        using var request = new HttpRequestMessage(method, path);
        request.Content = input is null ? null : JsonContent.Create(input);
        if (ifMatch is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", ifMatch);
        }

        using var answer = await client.SendAsync(request);
        var body = await answer.Content.ReadAsStringAsync();
        Assert.True(expected == answer.StatusCode, $"{method} {path} answered {answer.StatusCode}: {body}");
        return body.Length == 0 ? default : JsonElement.Parse(body);
    }

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
