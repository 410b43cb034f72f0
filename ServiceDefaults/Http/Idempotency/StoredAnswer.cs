using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http;
using Microsoft.Net.Http.Headers;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Http.Idempotency;

/// <summary>An answer as it is given again.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Headers">Those that say something of the resource.</param>
/// <param name="Body">The body, byte by byte.</param>
internal sealed record StoredAnswer(int Status, IReadOnlyDictionary<string, string> Headers, byte[] Body)
{
    /// <summary>Tells the caller that the request was not carried out a second time.</summary>
    public const string ReplayedHeader = "Idempotency-Replayed";

    private static readonly string[] Kept =
    [
        HeaderNames.ContentType,
        HeaderNames.Location,
        HeaderNames.ETag,
        HeaderNames.CacheControl,
        HeaderNames.LastModified,
    ];

    /// <summary>What was answered.</summary>
    public static StoredAnswer Of(HttpResponse response, byte[] body) =>
        new(
            response.StatusCode,
            Kept.Where(response.Headers.ContainsKey)
                .ToDictionary(name => name, name => response.Headers[name].ToString(), StringComparer.Ordinal),
            body
        );

    /// <summary>Answers the same again.</summary>
    public async Task ReplayAsync(HttpResponse response)
    {
        response.StatusCode = Status;
        foreach (var (name, value) in Headers)
        {
            response.Headers[name] = value;
        }

        response.Headers[ReplayedHeader] = "true";
        if (Body.Length > 0)
        {
            await response.Body.WriteAsync(Body, response.HttpContext.RequestAborted);
        }
    }

    /// <summary>The answer as JSON.</summary>
    public byte[] ToJson() => JsonSerializer.SerializeToUtf8Bytes(this, StoredAnswerJson.Wire.StoredAnswer);

    /// <summary>Reads what <see cref="ToJson"/> wrote.</summary>
    public static StoredAnswer FromJson(ReadOnlySpan<byte> json) =>
        JsonSerializer.Deserialize(json, StoredAnswerJson.Wire.StoredAnswer)
        ?? throw new JsonException("A stored answer is null.");
}

[JsonSerializable(typeof(StoredAnswer))]
internal sealed partial class StoredAnswerJson : JsonSerializerContext
{
    public static StoredAnswerJson Wire { get; } = new(ContractsJson.Configure(new JsonSerializerOptions()));
}
