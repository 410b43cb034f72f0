using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Json;
using System.Net.Sockets;
using System.Text.Json;
using Aspire.Hosting.ApplicationModel;
using RealtimeSuite.Faults.Traffic;
using RealtimeSuite.Integration.Tests;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;

namespace RealtimeSuite.Faults.Injection;

/// <summary>A suite of real processes with two replicas of the gateway, started by the AppHost, and what can be done to it.</summary>
internal sealed class Stage : IAsyncDisposable
{
    private const int Replicas = 2;
    private const string Gateway = "gateway";
    private const string Redis = "redis";
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan HealthPatience = TimeSpan.FromSeconds(10);

    private readonly List<IAsyncDisposable> _own;
    private readonly HttpClient _client = new();

    private Stage(StageSettings settings, Suite suite, Relay? redisRelay, Relay? kafkaRelay, List<IAsyncDisposable> own)
    {
        (Settings, Suite, RedisRelay, KafkaRelay, _own) = (settings, suite, redisRelay, kafkaRelay, own);
    }

    /// <summary>How it was set up.</summary>
    public StageSettings Settings { get; }

    /// <summary>The suite.</summary>
    public Suite Suite { get; }

    /// <summary>Between the gateway and Redis, where asked for.</summary>
    public Relay? RedisRelay { get; }

    /// <summary>Between everyone and Kafka, where asked for.</summary>
    public Relay? KafkaRelay { get; }

    /// <summary>Starts everything.</summary>
    public static async Task<Stage> StartAsync(StageSettings settings, CancellationToken cancellationToken)
    {
        // A thousand clients come from one address, and what is killed stays dead until the scenario says otherwise.
        List<string> arguments =
        [
            "--Resources:Restart=false",
            "--Gateway:Environment:Gateway__Limits__MaxConnectionsPerAddress=100000",
            "--Gateway:Environment:Gateway__Limits__HandshakesPerMinutePerAddress=100000",
            "--Gateway:Environment:Continuity__DrainWindow=00:00:20",
        ];
        List<IAsyncDisposable> own = [];
        Relay? redisRelay = null;
        Relay? kafkaRelay = null;
        if (settings.SilentRedis)
        {
            var port = FreePorts.Next();
            redisRelay = new Relay(port);
            own.Add(redisRelay);
            arguments.Add($"--Ports:Redis={port}");
            arguments.Add($"--Gateway:Environment:ConnectionStrings__redis=127.0.0.1:{redisRelay.Port}");
        }

        if (settings.CutKafka)
        {
            var advertised = FreePorts.Next();
            var kafka = await KafkaBroker.RunAsync(advertised);
            own.Add(kafka);
            kafkaRelay = new Relay(kafka.Port, advertised);
            own.Add(kafkaRelay);
            var redis = await GarnetServer.RunAsync();
            own.Add(redis);
            arguments.Add("--Backing=external");
            arguments.Add($"--ConnectionStrings:redis={redis.Address}");
            arguments.Add($"--ConnectionStrings:kafka=127.0.0.1:{advertised}");
            arguments.Add("--Gateway:Environment:Aspire__Confluent__Kafka__Consumer__Config__FetchWaitMaxMs=10");
        }

        if (settings.Gateway is { } setting)
        {
            arguments.Add("--Gateway:Environment:" + setting);
        }

        try
        {
            var suite = await Suite.StartAsync(withDashboard: false, cancellationToken, [.. arguments]);
            return new Stage(settings, suite, redisRelay, kafkaRelay, own);
        }
        catch
        {
            foreach (var server in own)
            {
                await server.DisposeAsync();
            }

            throw;
        }
    }

    /// <summary>Clients that connect where all replicas are, or first to one of them and there only afterwards.</summary>
    public Task<Crowd> GatherAsync(int clients, Habits habits, GatewayReplica? first = null) =>
        Crowd.GatherAsync(
            clients,
            habits,
            user =>
            {
                var path = "/ws?token=" + Suite.TokenFor(user);
                var shared = Suite.SocketAddress(path);
                var next = first is null ? shared : new Uri($"ws://{first.Address.Authority}{path}");
                return () => (next, next = shared).Item1;
            }
        );

    /// <summary>A publisher for the clients' users.</summary>
    public Publisher PublisherFor(Crowd crowd, bool insists = true)
    {
        var api = Suite.Api();
        api.DefaultRequestHeaders.Authorization = new("Bearer", Suite.TokenFor("publisher", "service"));
        return new Publisher(api, crowd.Users, insists);
    }

    /// <summary>The running replicas, as soon as there are as many.</summary>
    public async Task<IReadOnlyList<GatewayReplica>> ReplicasAsync(int count = Replicas)
    {
        var running = new SortedDictionary<string, GatewayReplica>(StringComparer.Ordinal);
        using var patience = new CancellationTokenSource(Patience);
        await foreach (var change in Suite.Notifications.WatchAsync(patience.Token))
        {
            if (change.Resource.Name == Gateway)
            {
                if (Read(change) is { } replica)
                {
                    running[change.ResourceId] = replica;
                }
                else
                {
                    running.Remove(change.ResourceId);
                }
            }

            if (running.Count == count)
            {
                break;
            }
        }

        return [.. running.Values];
    }

    /// <summary>Starts a replica again that has ended, and waits until it is healthy.</summary>
    public async Task StartAgainAsync(GatewayReplica ended, CancellationToken cancellationToken)
    {
        await Suite.Notifications.WaitForResourceAsync(
            Gateway,
            change => change.ResourceId == ended.Id && Read(change) is null,
            cancellationToken
        );
        await Suite.StartInstanceAsync(ended.Id, cancellationToken);
        await AreAllAsync("Healthy", await ReplicasAsync());
    }

    /// <summary>Waits until every one of the replicas says that of its health.</summary>
    public Task AreAllAsync(string health, IReadOnlyList<GatewayReplica> replicas) =>
        Eventually.TrueAsync(
            async () =>
            {
                var answers = await Task.WhenAll(
                    replicas.Select(replica => replica.HealthAsync(_client, HealthPatience))
                );
                return answers.All(answer => answer == health);
            },
            $"the replicas are {health}",
            Patience
        );

    /// <summary>The replica that numbers most events now: Kafka's partitions with traffic are its.</summary>
    public async Task<GatewayReplica> BusiestAsync(IReadOnlyList<GatewayReplica> replicas)
    {
        var before = await Task.WhenAll(replicas.Select(PublishedAsync));
        await Task.Delay(TimeSpan.FromSeconds(1));
        var after = await Task.WhenAll(replicas.Select(PublishedAsync));
        return replicas.Select((replica, at) => (replica, after[at] - before[at])).MaxBy(rise => rise.Item2).replica;
    }

    /// <summary>Waits until a replica has numbered more events than now, also where nobody listens to them.</summary>
    public async Task NumbersMoreAsync(GatewayReplica replica)
    {
        var before = await NumberedAsync(replica);
        await Eventually.TrueAsync(
            async () => await NumberedAsync(replica) > before,
            $"{replica.Id} numbers events",
            Patience
        );
    }

    /// <summary>How long a replica takes to say that it is alive.</summary>
    public async Task<TimeSpan> AnswerAsync(GatewayReplica replica)
    {
        var started = Stopwatch.GetTimestamp();
        using var answer = await _client.GetAsync(new Uri(replica.Address, "/alive"));
        answer.EnsureSuccessStatusCode();
        return Stopwatch.GetElapsedTime(started);
    }

    /// <summary>Kills Redis. It writes a log, so that its next start finds all but the last moment.</summary>
    public async Task KillRedisAsync()
    {
        var process = (await Suite.ProcessesAsync(Redis, 1))[0];
        using var redis = Process.GetProcessById(process);
        redis.Kill();
    }

    /// <summary>Starts Redis again and returns at the moment when it answers.</summary>
    public Task StartRedisAsync(CancellationToken cancellationToken) =>
        Eventually.TrueAsync(
            async () =>
            {
                await Suite.StartAgainAsync(Redis, cancellationToken);
                return await AnswersAsync(await Suite.RedisAddressAsync());
            },
            "Redis answers",
            Patience
        );

    /// <summary>Makes Redis forget everything.</summary>
    public async Task FlushRedisAsync()
    {
        await using var redis = await Suite.RedisAsync();
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await Suite.DisposeAsync();
        foreach (var server in _own)
        {
            await server.DisposeAsync();
        }
    }

    private async Task<double> NumberedAsync(GatewayReplica replica)
    {
        var page = MetricsPage.Parse(await _client.GetStringAsync(new Uri(replica.Address, "/metrics")));
        return page.Lines.Where(line => line.Name == "realtime_events_total").Sum(line => line.Value);
    }

    private async Task<long> PublishedAsync(GatewayReplica replica)
    {
        var stats = await _client.GetFromJsonAsync<JsonElement>(new Uri(replica.Address, "/stats?scope=local"));
        return stats.GetProperty("ledger").GetProperty("published").GetInt64();
    }

    private static async Task<bool> AnswersAsync(string address)
    {
        try
        {
            var colon = address.LastIndexOf(':');
            using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
            await socket.ConnectAsync(
                address[..colon],
                int.Parse(address[(colon + 1)..], CultureInfo.InvariantCulture)
            );
            await socket.SendAsync("PING\r\n"u8.ToArray());
            return await socket.ReceiveAsync(new byte[64]) > 0;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static GatewayReplica? Read(ResourceEvent change)
    {
        var pid = change.Snapshot.Properties.FirstOrDefault(property => property.Name == "executable.pid")?.Value;
        var urls = change
            .Snapshot.EnvironmentVariables.FirstOrDefault(variable => variable.Name == "ASPNETCORE_URLS")
            ?.Value;
        return pid is null || urls is null || change.Snapshot.State?.Text != KnownResourceStates.Running
            ? null
            : new GatewayReplica(
                change.ResourceId,
                Convert.ToInt32(pid, CultureInfo.InvariantCulture),
                new Uri(urls.Split(';')[0])
            );
    }
}
