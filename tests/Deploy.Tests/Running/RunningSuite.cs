using System.Net.Http.Json;
using Confluent.Kafka;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;

namespace RealtimeSuite.Deploy.Tests.Running;

/// <summary>
/// The services as they are deployed: in Production, each replica a process with a port of its own, with two gateways, and believing a
/// proxy on 127.0.0.1. One for all tests that harm nobody; each uses users of its own.
/// </summary>
public sealed class RunningSuite : IAsyncLifetime
{
    /// <summary>The address that the services take for a proxy's.</summary>
    public const string TrustedProxy = "127.0.0.1";

    private readonly List<IAsyncDisposable> _parts = [];
    private GarnetServer _redis = null!;
    private KafkaBroker _kafka = null!;
    private IProducer<string, string> _producer = null!;

    public ServiceServer Api { get; private set; } = null!;

    public ServiceServer Notifications { get; private set; } = null!;

    /// <summary>Two replicas.</summary>
    public IReadOnlyList<ServiceServer> Gateways { get; private set; } = [];

    /// <summary>A token for any user id.</summary>
    public static string TokenFor(string userId, params string[] roles) =>
        TestTokens.For(userId, ServiceServer.Secret, roles: roles);

    /// <summary>One more replica of the gateway. The test ends it.</summary>
    public async Task<ServiceServer> StartGatewayAsync(params (string Name, string Value)[] settings)
    {
        var gateway = Gateway(settings);
        await gateway.StartAsync();
        await HealthyAsync(gateway);
        return gateway;
    }

    /// <summary>Creates a task of the user over REST.</summary>
    public async Task CreateTaskAsync(string userId, string title)
    {
        using var api = Api.ClientOf(userId);
        using var created = await api.PostAsJsonAsync("/api/tasks", new { title });
        created.EnsureSuccessStatusCode();
    }

    /// <summary>Writes any text to a Kafka topic. One key, so that all come in order.</summary>
    public async Task ProduceAsync(string topic, string value) =>
        await _producer.ProduceAsync(topic, new Message<string, string> { Key = "key", Value = value });

    public async ValueTask InitializeAsync()
    {
        _parts.Add(_redis = await GarnetServer.RunAsync());
        _parts.Add(_kafka = await KafkaBroker.RunAsync());
        _producer = new ProducerBuilder<string, string>(
            new ProducerConfig { BootstrapServers = _kafka.Address, LingerMs = 0 }
        ).Build();
        Api = Service("Api");
        Notifications = Service(
            "NotificationService",
            ("Notifications__Webhook__Url", $"http://127.0.0.1:{FreePorts.Next()}/"),
            ("Notifications__Webhook__Secret", "whsec_" + Convert.ToBase64String(new byte[24]))
        );
        Gateways = [Gateway(), Gateway()];
        ServiceServer[] services = [Api, Notifications, .. Gateways];
        _parts.AddRange(services);
        await Task.WhenAll(services.Select(service => service.StartAsync()));
        await Task.WhenAll(services.Select(HealthyAsync));
    }

    public async ValueTask DisposeAsync()
    {
        _producer?.Dispose();
        foreach (var part in Enumerable.Reverse(_parts))
        {
            await part.DisposeAsync();
        }
    }

    private ServiceServer Gateway(params (string Name, string Value)[] settings) =>
        Service(
            "WebSocketService",
            [
                ("Continuity__DrainWindow", "00:00:01"),
                ("Gateway__PingInterval", "00:00:00.300"),
                // A client of these tests answers pings only while it reads.
                ("Gateway__PongTimeout", "00:10:00"),
                ("Gateway__SweepInterval", "00:00:00.100"),
                ("Gateway__Limits__MaxConnectionsPerUser", "200"),
                .. settings,
            ]
        );

    private ServiceServer Service(string project, params (string Name, string Value)[] settings) =>
        new(
            project,
            _redis.Address,
            _kafka.Address,
            [("ASPNETCORE_ENVIRONMENT", "Production"), ("TrustedProxies__Networks", TrustedProxy), .. settings]
        );

    private static async Task HealthyAsync(ServiceServer service)
    {
        using var client = service.Client();
        await Eventually.TrueAsync(
            async () =>
            {
                using var health = await client.GetAsync("/health");
                return health.IsSuccessStatusCode;
            },
            $"{service.Address} is healthy",
            TimeSpan.FromMinutes(1)
        );
    }
}

/// <summary>The tests that use it, one after the other.</summary>
[CollectionDefinition(Name)]
public sealed class UsesRunningSuite : ICollectionFixture<RunningSuite>
{
    public const string Name = "running suite";
}
