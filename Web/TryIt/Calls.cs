using System.Diagnostics;
using System.Text.Json;
using RealtimeSuite.Web.Components;

namespace RealtimeSuite.Web.TryIt;

/// <summary>A call that was made.</summary>
/// <param name="Method">The HTTP method.</param>
/// <param name="Path">Where.</param>
/// <param name="Status">The HTTP status; 0 when there was no answer.</param>
/// <param name="Took">How long the answer took.</param>
/// <param name="Sentence">What was wrong, in the service's words; null when nothing was.</param>
internal sealed record Call(string Method, string Path, int Status, TimeSpan Took, string? Sentence)
{
    /// <summary>Whether it did what it was to do.</summary>
    public bool IsGood => Status is >= 200 and < 300;
}

/// <summary>Makes calls at the Api for the user of a page, and remembers the last ones.</summary>
internal sealed class Calls(ServiceClients services)
{
    private const int Remembered = 8;

    private readonly LinkedList<Call> _made = [];

    /// <summary>Another call was made.</summary>
    public event EventHandler? Changed;

    /// <summary>The last ones, newest first.</summary>
    public IReadOnlyCollection<Call> Made => _made;

    /// <summary>Makes a call and returns what was answered; null when it was refused, answered without a body, or the Api is away.</summary>
    public async Task<JsonElement?> SendAsync(string method, string path, object? body = null)
    {
        var started = Stopwatch.GetTimestamp();
        try
        {
            using var client = await services.ApiAsync();
            using var request = new HttpRequestMessage(new HttpMethod(method), path);
            if (method != HttpMethod.Get.Method)
            {
                // A call that is repeated on its way is carried out once.
                request.Headers.Add("Idempotency-Key", Guid.NewGuid().ToString());
            }

            request.Content = body is null ? null : JsonContent.Create(body, options: ServiceJson.Options);
            using var response = await client.SendAsync(request);
            var answer = await ReadAsync(response);
            Remember(
                new Call(
                    method,
                    path,
                    (int)response.StatusCode,
                    Stopwatch.GetElapsedTime(started),
                    response.IsSuccessStatusCode ? null : Sentence(answer)
                )
            );
            return response.IsSuccessStatusCode ? answer : null;
        }
        catch (Exception exception) when (ServiceFailures.IsAway(exception, CancellationToken.None))
        {
            Remember(new Call(method, path, 0, Stopwatch.GetElapsedTime(started), "The Api does not answer."));
            return null;
        }
    }

    private void Remember(Call call)
    {
        _made.AddFirst(call);
        if (_made.Count > Remembered)
        {
            _made.RemoveLast();
        }

        Changed?.Invoke(this, EventArgs.Empty);
    }

    private static async Task<JsonElement?> ReadAsync(HttpResponseMessage response)
    {
        var bytes = await response.Content.ReadAsByteArrayAsync();
        return bytes.Length == 0 || response.Content.Headers.ContentType?.MediaType?.Contains("json") is not true
            ? null
            : JsonElement.Parse(bytes);
    }

    private static string Sentence(JsonElement? problem) =>
        problem is { ValueKind: JsonValueKind.Object } json
        && (json.TryGetProperty("detail", out var text) || json.TryGetProperty("title", out text))
            ? text.GetString() ?? "Refused."
            : "Refused.";
}
