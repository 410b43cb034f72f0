using System.Collections.Concurrent;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.PubSub;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Tests;

/// <summary>The gateway's own connection to Redis, on Garnet and on the original Redis.</summary>
public abstract class PubSubTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly LogRecorder<PubSubClient> _log = new();
    private readonly ConcurrentQueue<string> _lost = new();
    private ServerProcess _server = null!;
    private ConnectionMultiplexer _redis = null!;
    private PubSubClient _client = null!;

    /// <summary>A fresh server that was not started.</summary>
    protected abstract ServerProcess Create();

    public async ValueTask InitializeAsync()
    {
        _server = Create();
        await _server.StartAsync();
        _redis = await ConnectionMultiplexer.ConnectAsync(
            _server.Address + ",abortConnect=false,allowAdmin=true,asyncTimeout=30000"
        );
        _client = await StartAsync(_redis);
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        await _redis.DisposeAsync();
        await _server.DisposeAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Messages_of_all_channels_arrive_in_the_order_in_which_they_were_published()
    {
        var heard = new ConcurrentQueue<string>();
        await SubscribeAsync("a", heard);
        await SubscribeAsync("b", heard);
        string[] published = [.. Enumerable.Range(0, 5000).Select(i => $"{(i % 3 == 0 ? "a" : "b")} {i}")];
        await Task.WhenAll(published.Select(line => PublishAsync(line[..1], line)));
        await HeardAsync(heard, published.Length);
        Assert.Equal(published, heard);
    }

    [Fact]
    public async Task A_message_of_many_buffers_arrives_whole_and_an_empty_one_too()
    {
        var heard = new ConcurrentQueue<string>();
        await SubscribeAsync("é", heard);
        string[] published = [new string('x', 3_000_000), "", "small", new string('y', 70_000)];
        foreach (var message in published)
        {
            await PublishAsync("é", message);
        }

        await HeardAsync(heard, published.Length);
        Assert.Equal(published, heard);
    }

    [Fact]
    public async Task A_channel_that_is_given_up_and_wanted_again_at_once_is_open_only_when_redis_has_said_so()
    {
        var heard = new ConcurrentQueue<string>();
        for (var round = 0; round < 200; round++)
        {
            var name = round.ToString(CultureInfo.InvariantCulture);
            var first = new Recorder(name, heard);
            _client.Subscribe(first);
            _client.Unsubscribe(first);
            await SubscribeAsync(name, heard);
            Assert.Equal(1, await PublishAsync(name, name));
        }

        await HeardAsync(heard, 200);
    }

    [Fact]
    public async Task After_a_crash_of_redis_everything_is_subscribed_again_and_the_loss_is_told()
    {
        var heard = new ConcurrentQueue<string>();
        await SubscribeAsync("a", heard);
        await _server.KillAsync();
        await Eventually.TrueAsync(() => !_lost.IsEmpty, "the loss is told");
        Assert.Throws<RedisConnectionException>(() => _client.RenewAsync().IsCompleted);
        var meanwhile = new Recorder("b", heard);
        _client.Subscribe(meanwhile);
        Assert.False(meanwhile.Opened.IsCompleted);

        await _server.StartAsync();
        await meanwhile.Opened.WaitAsync(Patience, TestContext.Current.CancellationToken);
        await HeardAgainAsync("a", heard);
        Assert.Single(_lost);
        Assert.Contains(_log.Lines, line => line.Level == LogLevel.Warning);
    }

    [Fact]
    public async Task Renewing_ends_when_redis_has_confirmed_everything()
    {
        var heard = new ConcurrentQueue<string>();
        await SubscribeAsync("a", heard);
        await _server.PauseAsync();
        var renewed = _client.RenewAsync();
        Assert.False(renewed.IsCompleted);
        await _server.ResumeAsync();
        await renewed.WaitAsync(Patience, TestContext.Current.CancellationToken);
        Assert.Equal(1, await PublishAsync("a", "once"));
        await HeardAsync(heard, 1);
        Assert.Empty(_lost);
    }

    [Fact]
    public async Task A_redis_that_says_nothing_is_left_and_found_again()
    {
        var heard = new ConcurrentQueue<string>();
        await SubscribeAsync("a", heard);
        await _server.PauseAsync();
        var renewed = _client.RenewAsync();
        await Eventually.TrueAsync(() => !_lost.IsEmpty, "the silence is noticed");
        await Assert.ThrowsAsync<RedisConnectionException>(() => renewed);
        await _server.ResumeAsync();
        await HeardAgainAsync("a", heard);
    }

    [Fact]
    public async Task A_subscription_that_fails_harms_no_other()
    {
        var heard = new ConcurrentQueue<string>();
        var failing = new Recorder("failing", heard: null);
        _client.Subscribe(failing);
        await SubscribeAsync("a", heard);
        await PublishAsync("failing", "x");
        await PublishAsync("a", "y");
        await HeardAsync(heard, 1);
        Assert.Contains(_log.Lines, line => line.Level == LogLevel.Error);
        Assert.Empty(_lost);
    }

    /// <summary>A client that is connected.</summary>
    private async Task<PubSubClient> StartAsync(ConnectionMultiplexer redis)
    {
        var client = new PubSubClient(
            redis,
            new Replica(),
            Options.Create(new ContinuityOptions()),
            TimeProvider.System,
            _log
        );
        client.OnLost(_lost.Enqueue);
        await client.StartAsync(TestContext.Current.CancellationToken);
        var ready = new Recorder("ready", heard: null);
        client.Subscribe(ready);
        await ready.Opened.WaitAsync(Patience, TestContext.Current.CancellationToken);
        return client;
    }

    private async Task SubscribeAsync(string name, ConcurrentQueue<string> heard)
    {
        var subscription = new Recorder(name, heard);
        _client.Subscribe(subscription);
        await subscription.Opened.WaitAsync(Patience, TestContext.Current.CancellationToken);
    }

    private Task<long> PublishAsync(string name, string message) =>
        _redis.GetSubscriber().PublishAsync(RedisChannel.Literal(name), message);

    /// <summary>Publishes until it is heard. Redis may count the connection that is gone for a while, and take what it could not answer in time.</summary>
    private Task HeardAgainAsync(string name, ConcurrentQueue<string> heard) =>
        Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await PublishAsync(name, "again");
                }
                catch (Exception exception) when (exception is RedisException or TimeoutException)
                {
                    // It cannot be asked yet.
                }

                return !heard.IsEmpty;
            },
            $"{name} is heard again"
        );

    private static Task HeardAsync(ConcurrentQueue<string> heard, int count) =>
        Eventually.TrueAsync(
            () => heard.Count == count,
            $"{count} messages",
            details: () => $"{heard.Count} were heard"
        );

    private sealed class Recorder(string name, ConcurrentQueue<string>? heard) : PubSubSubscription(name)
    {
        public override void Take(ReadOnlySpan<byte> message) => heard!.Enqueue(Encoding.UTF8.GetString(message));
    }
}

/// <inheritdoc/>
public sealed class PubSubOnGarnetTests : PubSubTests
{
    protected override ServerProcess Create() => new GarnetServer();
}

/// <inheritdoc/>
public sealed class PubSubOnRedisTests : PubSubTests
{
    protected override ServerProcess Create()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "redis-server is not installed.");
        return new RedisServer();
    }
}

/// <summary>A Redis that asks who is there.</summary>
public sealed class PubSubSignInTests
{
    private const string Password = "p4ss w0rd";

    [Fact]
    public async Task The_password_of_the_connection_string_is_used_and_a_wrong_one_is_told_once()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "redis-server is not installed.");
        await using var server = new RedisServer();
        await server.StartAsync();
        await using var admin = await server.ConnectAsync();
        await admin
            .GetServers()[0]
            .ExecuteAsync("ACL", "SETUSER", "gateway", "on", ">" + Password, "allchannels", "+@all");

        var (right, _) = await StartAsync(server, Password);
        using (right)
        {
            // What waits for it must not go on on the thread that reads.
            var heard = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
            var subscription = new Listener("a", heard);
            right.Subscribe(subscription);
            await subscription.Opened.WaitAsync(TestContext.Current.CancellationToken);
            Assert.Equal(1, await admin.GetSubscriber().PublishAsync(RedisChannel.Literal("a"), "hello"));
            Assert.Equal("hello", await heard.Task.WaitAsync(TestContext.Current.CancellationToken));
        }

        var (wrong, log) = await StartAsync(server, "another");
        using (wrong)
        {
            await Eventually.TrueAsync(() => log.Lines.Length > 0, "it is told");
        }

        Assert.Contains("WRONGPASS", Assert.Single(log.Lines).Line, StringComparison.Ordinal);
    }

    private static async Task<(PubSubClient Client, LogRecorder<PubSubClient> Log)> StartAsync(
        RedisServer server,
        string password
    )
    {
        var log = new LogRecorder<PubSubClient>();
        var redis = await ConnectionMultiplexer.ConnectAsync(
            $"{server.Address},abortConnect=false,user=gateway,password={password}"
        );
        var client = new PubSubClient(
            redis,
            new Replica(),
            Options.Create(new ContinuityOptions()),
            TimeProvider.System,
            log
        );
        await client.StartAsync(TestContext.Current.CancellationToken);
        return (client, log);
    }

    private sealed class Listener(string name, TaskCompletionSource<string> heard) : PubSubSubscription(name)
    {
        public override void Take(ReadOnlySpan<byte> message) => heard.TrySetResult(Encoding.UTF8.GetString(message));
    }
}
