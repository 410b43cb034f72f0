using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.Options;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;

namespace RealtimeSuite.Notifications.Channels;

/// <summary>
/// Notifications posted as JSON and signed with HMAC-SHA256, in the form of the Standard Webhooks specification, whose libraries verify
/// them. <c>webhook-id</c> is the same at every attempt.
/// </summary>
internal sealed class WebhookChannel(IOptions<WebhookOptions> options, TimeProvider clock)
    : INotificationChannel,
        IDisposable
{
    // A client of its own: the suite's default clients try again by themselves, which is the queue's part here.
    private readonly HttpClient _client = new(
        new SocketsHttpHandler { AllowAutoRedirect = false, PooledConnectionLifetime = TimeSpan.FromMinutes(5) }
    );

    /// <inheritdoc/>
    public string Name => "webhook";

    /// <inheritdoc/>
    public bool Reaches(Audience audience) => true;

    /// <inheritdoc/>
    public async Task SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var now = clock.GetUtcNow();
        var body = JsonSerializer.SerializeToUtf8Bytes(
            new WebhookBody(
                NotificationEventTypes.Created,
                now,
                new WebhookData(delivery.Audience, delivery.Notification)
            ),
            WebhookJson.Wire.WebhookBody
        );
        var id = delivery.Notification.Id;
        var timestamp = now.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture);
        using var request = new HttpRequestMessage(HttpMethod.Post, options.Value.Url)
        {
            Content = new ByteArrayContent(body),
        };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("webhook-id", id);
        request.Headers.Add("webhook-timestamp", timestamp);
        request.Headers.Add("webhook-signature", Sign(options.Value.Key, id, timestamp, body));
        using var response = await _client.SendAsync(
            request,
            HttpCompletionOption.ResponseHeadersRead,
            cancellationToken
        );
        Judge(response.StatusCode);
    }

    /// <inheritdoc/>
    public void Dispose() => _client.Dispose();

    private static void Judge(HttpStatusCode status)
    {
        var answer = $"The webhook answered {(int)status}.";
        switch ((int)status)
        {
            case >= 200 and < 300:
                return;
            case 408 or 425 or 429 or >= 500:
                throw new HttpRequestException(answer, inner: null, status);
            default:
                throw new UndeliverableException(answer);
        }
    }

    private static string Sign(byte[] key, string id, string timestamp, byte[] body)
    {
        using var hmac = IncrementalHash.CreateHMAC(HashAlgorithmName.SHA256, key);
        hmac.AppendData(Encoding.UTF8.GetBytes($"{id}.{timestamp}."));
        hmac.AppendData(body);
        return "v1," + Convert.ToBase64String(hmac.GetHashAndReset());
    }
}

/// <summary>What is posted.</summary>
/// <param name="Type">Always <c>notification.created</c>.</param>
/// <param name="Timestamp">When it was posted, UTC.</param>
/// <param name="Data">The notification and for whom it is.</param>
internal sealed record WebhookBody(string Type, DateTimeOffset Timestamp, WebhookData Data);

/// <summary>A notification and for whom it is.</summary>
/// <param name="Audience"><c>user:{id}</c>, <c>role:{name}</c>, or <c>topic:notifications</c> for everyone.</param>
/// <param name="Notification">The notification.</param>
internal sealed record WebhookData(string Audience, Notification Notification);

[JsonSerializable(typeof(WebhookBody))]
internal sealed partial class WebhookJson : JsonSerializerContext
{
    public static WebhookJson Wire { get; } = new(ContractsJson.Configure(new JsonSerializerOptions()));
}
