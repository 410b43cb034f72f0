using System.Text.Json;
using RealtimeSuite.Web.Forwarding;

namespace RealtimeSuite.Web.Health;

/// <summary>
/// What of the suite is away, in sentences for people. Looks once a second while a page is open, for all pages together. One failed look
/// says nothing: a replica may have ended, and the next one answers.
/// </summary>
internal sealed class SuiteHealth(HttpMessageInvoker client, ServiceAddresses addresses, TimeProvider clock)
    : BackgroundService
{
    private const string GatewayAway =
        "The gateway does not answer. Pages keep what they have; live updates go on by themselves when it is back.";
    private const string RedisAway =
        "Redis is away. Events still arrive, straight from Kafka; lists, sign-in and changes may fail for now.";
    private const string KafkaAway = "Kafka is away. Changes are kept, and their events follow when it is back.";
    private const string ApiAway = "The Api does not answer. Nothing can be changed right now.";
    private const string NotificationsAway =
        "The notification service does not answer. The list shows what was known last.";
    private const int FailuresToTell = 2;

    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(3);

    private readonly Dictionary<string, int> _failures = new(StringComparer.Ordinal);

    /// <summary>The sentences are others now. Looking happens only while somebody listens.</summary>
    public event EventHandler? Changed;

    /// <summary>What is away; empty when all is well.</summary>
    public IReadOnlyList<string> Sentences { get; private set; } = [];

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        while (await NextAsync(timer, stoppingToken))
        {
            if (Changed is null)
            {
                continue;
            }

            var found = await Task.WhenAll(
                LookAtGatewayAsync(stoppingToken),
                LookAtAsync("api", ApiAway, stoppingToken),
                LookAtAsync("notifications", NotificationsAway, stoppingToken)
            );
            var sentences = found.SelectMany(list => list).Where(IsConfirmed).ToArray();
            foreach (
                var healed in _failures.Keys.Except(found.SelectMany(list => list), StringComparer.Ordinal).ToArray()
            )
            {
                _failures.Remove(healed);
            }

            if (!sentences.SequenceEqual(Sentences, StringComparer.Ordinal))
            {
                Sentences = sentences;
                Changed?.Invoke(this, EventArgs.Empty);
            }
        }
    }

    private bool IsConfirmed(string sentence) =>
        (_failures[sentence] = _failures.GetValueOrDefault(sentence) + 1) >= FailuresToTell;

    private static async Task<bool> NextAsync(PeriodicTimer timer, CancellationToken stopping)
    {
        try
        {
            return await timer.WaitForNextTickAsync(stopping);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private async Task<IReadOnlyList<string>> LookAtGatewayAsync(CancellationToken cancellationToken)
    {
        try
        {
            using var response = await GetAsync("gateway", "/api/v1/ws/health", cancellationToken);
            using var health = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync(cancellationToken));
            var redis = health.RootElement.GetProperty("redis_status").ValueEquals("healthy");
            return health.RootElement.GetProperty("status").GetString() switch
            {
                "healthy" => [],
                "degraded" => [redis ? KafkaAway : RedisAway],
                _ => [RedisAway, KafkaAway],
            };
        }
        catch (Exception exception)
            when (exception is JsonException or KeyNotFoundException
                || ServiceFailures.IsAway(exception, cancellationToken)
            )
        {
            return [GatewayAway];
        }
    }

    private async Task<IReadOnlyList<string>> LookAtAsync(
        string service,
        string away,
        CancellationToken cancellationToken
    )
    {
        try
        {
            using var response = await GetAsync(service, "/alive", cancellationToken);
            return response.IsSuccessStatusCode ? [] : [away];
        }
        catch (Exception exception) when (ServiceFailures.IsAway(exception, cancellationToken))
        {
            return [away];
        }
    }

    private async Task<HttpResponseMessage> GetAsync(string service, string path, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        using var request = new HttpRequestMessage(HttpMethod.Get, addresses.Of(service) + path);
        return await client.SendAsync(request, patience.Token);
    }
}
