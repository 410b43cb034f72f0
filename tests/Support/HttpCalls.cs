using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace RealtimeSuite.Testing;

/// <summary>Short ways to call a service. An answer of another status than expected fails with a sentence.</summary>
public static class HttpCalls
{
    /// <summary>Adds a resource and answers it; its location must be told.</summary>
    public static async Task<JsonElement> AddAsync(this HttpClient client, string path, object input)
    {
        using var answer = await client.PostAsJsonAsync(path, input);
        var resource = await ReadAsync(answer, HttpStatusCode.Created);
        var location = answer.Headers.Location?.ToString();
        return location == $"{path}/{resource.GetProperty("id")}"
            ? resource
            : throw new InvalidOperationException($"POST {path} answered the location {location} for {resource}");
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
        return await ReadAsync(answer, expected);
    }

    /// <summary>A page that all replicas have answered for: one that took too long is left out, and so asked again.</summary>
    public static async Task<JsonElement> GetOfAllReplicasAsync(this HttpClient client, string path)
    {
        var page = default(JsonElement);
        await Eventually.TrueAsync(
            async () =>
            {
                page = await client.CallAsync(HttpMethod.Get, path);
                return page.GetProperty("answered").GetInt32() == page.GetProperty("replicas").GetInt32();
            },
            $"all replicas answer for {path}"
        );
        return page;
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage answer, HttpStatusCode expected)
    {
        var body = await answer.Content.ReadAsStringAsync();
        return expected != answer.StatusCode
                ? throw new InvalidOperationException($"{answer.RequestMessage} answered {answer.StatusCode}: {body}")
            : body.Length == 0 ? default
            : JsonElement.Parse(body);
    }
}
