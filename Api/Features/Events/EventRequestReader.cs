using System.Text.Json;
using Microsoft.Net.Http.Headers;
using RealtimeSuite.Http;

namespace RealtimeSuite.Api.Features.Events;

/// <summary>
/// Reads the events of a request in any of the three modes (source: CloudEvents 1.0.2, HTTP protocol binding, section 3): structured
/// and batched by the media type, binary by the headers <c>ce-*</c>. Plain <c>application/json</c> without these headers is read as structured
/// or batched, whichever it is.
/// </summary>
internal static class EventRequestReader
{
    /// <summary>Largest event: 256 KiB.</summary>
    public const int MaxEvent = 256 * 1024;

    /// <summary>One event in JSON.</summary>
    public const string Structured = "application/cloudevents+json";

    /// <summary>A JSON array of events.</summary>
    public const string Batched = "application/cloudevents-batch+json";

    private const string Json = "application/json";
    private const string Prefix = "ce-";

    private static readonly JsonDocumentOptions Rules = new()
    {
        AllowDuplicateProperties = false,
        MaxDepth = RequestJson.MaxDepth,
    };

    /// <summary>The events, not validated yet.</summary>
    /// <exception cref="RefusedRequestException">The request as a whole is none of the three (400, 415) or too large (413).</exception>
    public static async Task<EventBatch> ReadAsync(HttpRequest request, CancellationToken cancellationToken)
    {
        var mediaType = MediaTypeOf(request);
        switch (mediaType)
        {
            case Structured:
                return EventBatch.One(
                    EventDraft.FromJson(Parse(await BodyAsync(request, MaxEvent, cancellationToken)))
                );
            case Batched:
                return ReadMany(Parse(await BodyAsync(request, ApiLimits.MaxBody, cancellationToken)));
        }

        if (request.Headers.Any(header => header.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)))
        {
            var body = await BodyAsync(request, MaxEvent, cancellationToken);
            return EventBatch.One(EventDraft.FromHeaders(AttributesOf(request), mediaType, DataOf(mediaType, body)));
        }

        if (mediaType != Json)
        {
            throw new RefusedRequestException(
                $"Events come as {Structured}, as {Batched}, or with the headers ce-*.",
                StatusCodes.Status415UnsupportedMediaType
            );
        }

        var json = Parse(await BodyAsync(request, ApiLimits.MaxBody, cancellationToken));
        return json.ValueKind == JsonValueKind.Array ? ReadMany(json) : EventBatch.One(EventDraft.FromJson(json));
    }

    private static EventBatch ReadMany(JsonElement json) =>
        json.ValueKind == JsonValueKind.Array
            ? new EventBatch([.. json.EnumerateArray().Select(EventDraft.FromJson)], IsMany: true)
            : throw new RefusedRequestException("A batch is a JSON array of events.");

    private static string? MediaTypeOf(HttpRequest request)
    {
        if (string.IsNullOrEmpty(request.ContentType))
        {
            return null;
        }

        return
            MediaTypeHeaderValue.TryParse(request.ContentType, out var type)
            && (type.Charset.Length == 0 || type.Charset.Equals("utf-8", StringComparison.OrdinalIgnoreCase))
            ? type.MediaType.Value!.ToLowerInvariant()
            : throw new RefusedRequestException(
                "Content-Type must be a media type, and its charset UTF-8.",
                StatusCodes.Status415UnsupportedMediaType
            );
    }

    /// <summary>The headers <c>ce-*</c> without the prefix, percent-decoded.</summary>
    private static IEnumerable<(string Name, string Value)> AttributesOf(HttpRequest request) =>
        from header in request.Headers
        where header.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase)
        select (
            header.Key[Prefix.Length..].ToLowerInvariant(),
            Uri.UnescapeDataString(header.Value.ToString().Trim('"'))
        );

    private static JsonElement? DataOf(string? mediaType, byte[] body)
    {
        if (body.Length == 0)
        {
            return null;
        }

        return mediaType?.StartsWith("text/", StringComparison.Ordinal) == true
            ? JsonSerializer.SerializeToElement(System.Text.Encoding.UTF8.GetString(body))
            : Parse(body);
    }

    private static JsonElement Parse(byte[] body)
    {
        try
        {
            return JsonElement.Parse(body, Rules);
        }
        catch (JsonException)
        {
            throw new RefusedRequestException(
                "The body is no JSON, gives a field twice, or is nested more deeply than "
                    + $"{RequestJson.MaxDepth} levels."
            );
        }
    }

    private static async Task<byte[]> BodyAsync(HttpRequest request, long max, CancellationToken cancellationToken)
    {
        using var body = new MemoryStream();
        var buffer = new byte[16 * 1024];
        int read;
        while ((read = await request.Body.ReadAsync(buffer, cancellationToken)) > 0)
        {
            if (body.Length + read > max)
            {
                throw new RefusedRequestException($"At most {max} bytes.", StatusCodes.Status413PayloadTooLarge);
            }

            body.Write(buffer, 0, read);
        }

        return body.ToArray();
    }
}

/// <summary>The events of a request.</summary>
/// <param name="Events">In the order in which they were given.</param>
/// <param name="IsMany">Whether they came as a batch, even of one.</param>
internal sealed record EventBatch(IReadOnlyList<EventDraft> Events, bool IsMany)
{
    /// <summary>A request with a single event.</summary>
    public static EventBatch One(EventDraft draft) => new([draft], IsMany: false);
}
