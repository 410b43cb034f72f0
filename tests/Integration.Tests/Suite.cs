using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text.Json;
using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeSuite.Testing;
using StackExchange.Redis;

namespace RealtimeSuite.Integration.Tests;

/// <summary>The whole suite, started by the AppHost in embedded mode with two replicas of the gateway, and what its users do with it.</summary>
public sealed partial class Suite : IAsyncDisposable
{
    private const int LastLines = 40;
    private static readonly TimeSpan StartPatience = TimeSpan.FromMinutes(3);

    private readonly DistributedApplication _app;
    private IProducer<string, string>? _producer;

    private Suite(DistributedApplication app, string secret, Uri? dashboard)
    {
        _app = app;
        Secret = secret;
        Dashboard = dashboard;
    }

    /// <summary>The secret that tokens are signed with.</summary>
    public string Secret { get; }

    /// <summary>The Aspire dashboard, when asked for.</summary>
    public Uri? Dashboard { get; }

    /// <summary>What happens to the resources.</summary>
    public ResourceNotificationService Notifications => _app.ResourceNotifications;

    /// <summary>Starts everything and waits until all is healthy. Throws a sentence with its last lines when a part ends meanwhile.</summary>
    public static async Task<Suite> StartAsync(
        bool withDashboard,
        CancellationToken cancellationToken,
        params string[] settings
    )
    {
        var secret = Convert.ToHexString(RandomNumberGenerator.GetBytes(32));
        List<string> args = ["--Backing=embedded", $"--Parameters:jwt-secret={secret}", .. settings];
        Uri? dashboard = null;
        if (withDashboard)
        {
            dashboard = new Uri($"http://127.0.0.1:{FreePorts.Next()}");
            args.Add($"--ASPNETCORE_URLS={dashboard}");
            args.Add($"--ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL=http://127.0.0.1:{FreePorts.Next()}");
            args.Add("--ASPIRE_ALLOW_UNSECURED_TRANSPORT=true");
            args.Add("--ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS=true");
        }

        var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.AppHost>(
            [.. args],
            (options, _) => options.DisableDashboard = !withDashboard,
            cancellationToken
        );
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        var app = await builder.BuildAsync(cancellationToken);
        var suite = new Suite(app, secret, dashboard);
        try
        {
            await suite.StartAsync(cancellationToken);
        }
        catch
        {
            await suite.DisposeAsync();
            throw;
        }

        return suite;
    }

    /// <summary>Where a service listens.</summary>
    public Uri Address(string resource) => _app.GetEndpoint(resource, "http");

    /// <summary>A client of the Api, as nobody.</summary>
    public HttpClient Api() => _app.CreateHttpClient("api");

    /// <summary>A client of the gateway's HTTP paths.</summary>
    public HttpClient Gateway() => _app.CreateHttpClient("gateway");

    /// <summary>A client of the gateway's HTTP paths, with a token for any user id.</summary>
    public HttpClient GatewayAs(string userId, params string[] roles)
    {
        var client = Gateway();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TokenFor(userId, roles));
        return client;
    }

    /// <summary>A client of the notification service, with a token for any user id.</summary>
    public HttpClient NotificationsAs(string userId, params string[] roles)
    {
        var client = _app.CreateHttpClient("notifications");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TokenFor(userId, roles));
        return client;
    }

    /// <summary>A client of the Api, with a token for any user id.</summary>
    public HttpClient ApiAs(string userId, params string[] roles)
    {
        var client = Api();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", TokenFor(userId, roles));
        return client;
    }

    /// <summary>A client of the Api, signed in.</summary>
    public async Task<HttpClient> ApiAsAsync(string userName, string password = "user123")
    {
        var client = Api();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            await LoginAsync(userName, password)
        );
        return client;
    }

    /// <summary>A token from the login.</summary>
    public async Task<string> LoginAsync(string userName, string password = "user123")
    {
        using var client = Api();
        using var form = new FormUrlEncodedContent([new("username", userName), new("password", password)]);
        using var response = await client.PostAsync(new Uri("/auth/login", UriKind.Relative), form);
        response.EnsureSuccessStatusCode();
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return answer.GetProperty("access_token").GetString()!;
    }

    /// <summary>A token for any user id.</summary>
    public string TokenFor(string userId, params string[] roles) => TestTokens.For(userId, Secret, roles: roles);

    /// <summary>An address of the gateway's socket.</summary>
    public Uri SocketAddress(string pathAndQuery)
    {
        var gateway = _app.GetEndpoint("gateway", "http");
        return new Uri($"ws://{gateway.Authority}{pathAndQuery}");
    }

    /// <summary>Writes an event to Kafka, as a backend would.</summary>
    public async Task PublishAsync(
        string topic,
        string type,
        object data,
        string? audience = null,
        string? id = null
    ) =>
        await ProduceAsync(
            topic,
            JsonSerializer.Serialize(
                new
                {
                    specversion = "1.0",
                    id = id ?? Guid.NewGuid().ToString(),
                    source = "/tests",
                    type,
                    audience,
                    data,
                }
            )
        );

    /// <summary>Writes any text to Kafka. One key, so that all come in order.</summary>
    public async Task ProduceAsync(string topic, string value)
    {
        _producer ??= new ProducerBuilder<string, string>(
            new ProducerConfig
            {
                BootstrapServers = await KafkaAsync(),
                Acks = Acks.All,
                LingerMs = 0,
            }
        ).Build();
        await _producer.ProduceAsync(topic, new Message<string, string> { Key = "key", Value = value });
    }

    /// <summary>What a resource has written to its log so far and writes until the condition holds.</summary>
    public async Task<string> LogAsync(string resource, Func<string, bool> until)
    {
        var log = new System.Text.StringBuilder();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var logs = _app.Services.GetRequiredService<ResourceLoggerService>();
        var source = _app
            .Services.GetRequiredService<DistributedApplicationModel>()
            .Resources.Single(r => r.Name == resource);
        await foreach (var lines in logs.WatchAsync(source).WithCancellation(patience.Token))
        {
            log.AppendJoin('\n', lines.Select(line => line.Content)).Append('\n');
            if (until(log.ToString()))
            {
                break;
            }
        }

        return log.ToString();
    }

    /// <summary>A connection to Redis.</summary>
    public async Task<ConnectionMultiplexer> RedisAsync() =>
        await ConnectionMultiplexer.ConnectAsync(await RedisAddressAsync());

    /// <summary>Where Redis listens.</summary>
    public async Task<string> RedisAddressAsync() => (await _app.GetConnectionStringAsync("redis"))!;

    /// <summary>Kafka's bootstrap servers.</summary>
    public async Task<string> KafkaAsync() => (await _app.GetConnectionStringAsync("kafka"))!;

    /// <summary>The process ids of a resource's running instances.</summary>
    public async Task<IReadOnlyList<int>> ProcessesAsync(string resource, int count)
    {
        var processes = new Dictionary<string, int>(StringComparer.Ordinal);
        using var patience = new CancellationTokenSource(StartPatience);
        await foreach (var change in Notifications.WatchAsync(patience.Token))
        {
            if (change.Resource.Name != resource)
            {
                continue;
            }

            var pid = change.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value;
            if (pid is not null && change.Snapshot.State?.Text == KnownResourceStates.Running)
            {
                processes[change.ResourceId] = Convert.ToInt32(pid);
            }

            if (processes.Count == count)
            {
                break;
            }
        }

        return [.. processes.Values];
    }

    /// <summary>Makes sure that a resource whose process was killed runs again: by itself, or by the command that an operator would give.</summary>
    public async Task ReviveAsync(string resource, CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StartPatience);
        using var client = _app.CreateHttpClient(resource);
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    using var response = await client.GetAsync(new Uri("/health", UriKind.Relative), patience.Token);
                    return response.IsSuccessStatusCode;
                }
                catch (HttpRequestException)
                {
                    await StartIfEndedAsync(resource, patience.Token);
                    return false;
                }
            },
            $"{resource} is healthy again",
            StartPatience
        );
    }

    /// <summary>Starts a resource whose process has ended, where it does not start by itself.</summary>
    public Task StartAgainAsync(string resource, CancellationToken cancellationToken) =>
        StartIfEndedAsync(resource, cancellationToken);

    /// <summary>Starts one instance of a resource whose process has ended.</summary>
    public Task StartInstanceAsync(string instanceId, CancellationToken cancellationToken) =>
        _app.ResourceCommands.ExecuteCommandAsync(instanceId, KnownResourceCommands.StartCommand, cancellationToken);

    public ValueTask DisposeAsync()
    {
        _producer?.Dispose();
        return _app.DisposeAsync();
    }

    private async Task StartAsync(CancellationToken cancellationToken)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(StartPatience);
        Task[] ways = [AllHealthyAsync(patience.Token), OneEndsAsync(patience.Token)];
        var first = await Task.WhenAny(ways);
        await patience.CancelAsync();
        await Task.WhenAll(ways).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await first;
    }

    private async Task AllHealthyAsync(CancellationToken cancellationToken)
    {
        await _app.StartAsync(cancellationToken);
        foreach (var resource in new[] { "api", "gateway", "notifications" })
        {
            await Notifications.WaitForResourceHealthyAsync(resource, cancellationToken);
        }
    }

    /// <summary>Throws when a part ends by itself, other than well, even where it would be started again.</summary>
    private async Task OneEndsAsync(CancellationToken cancellationToken)
    {
        var ended = await Notifications.WatchAsync(cancellationToken).FirstAsync(HasFailed, cancellationToken);
        var lines = new List<string>();
        await foreach (
            var some in _app.Services.GetRequiredService<ResourceLoggerService>().GetAllAsync(ended.ResourceId)
        )
        {
            lines.AddRange(some.Select(line => line.Content));
        }

        throw new InvalidOperationException(
            $"The suite cannot start: '{ended.ResourceId}' is {ended.Snapshot.State?.Text}, with exit code {ended.Snapshot.ExitCode}. Its last lines:\n"
                + string.Join('\n', lines.TakeLast(LastLines))
        );

        static bool HasFailed(ResourceEvent change) =>
            KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text)
            && change.Snapshot.ExitCode is not 0;
    }

    private async Task StartIfEndedAsync(string resource, CancellationToken cancellationToken)
    {
        // The current state of every instance comes first.
        await foreach (var change in Notifications.WatchAsync(cancellationToken))
        {
            if (change.Resource.Name != resource)
            {
                continue;
            }

            if (KnownResourceStates.TerminalStates.Contains(change.Snapshot.State?.Text))
            {
                await _app.ResourceCommands.ExecuteCommandAsync(
                    change.ResourceId,
                    KnownResourceCommands.StartCommand,
                    cancellationToken
                );
            }

            return;
        }
    }
}
