using System.Diagnostics.Metrics;
using System.Net;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Options;
using RealtimeSuite.Authentication;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;
using RealtimeSuite.Gateway.PubSub;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Tests;

/// <summary>Events as they come from Redis, some of them lost on the way.</summary>
public sealed class FeedDeliveryTests : IAsyncLifetime
{
    private const string Channel = "user:42";

    private readonly GarnetServer _server = new();

    // No test is about a history that cannot be read in time.
    private readonly GatewayOptions _options = new() { HistoryEvents = 5, ReadTimeout = TimeSpan.FromMinutes(1) };
    private readonly ContinuityOptions _continuity = new();
    private readonly ServiceProvider _services = new ServiceCollection().AddMetrics().BuildServiceProvider();
    private readonly Dictionary<string, byte[]> _messages = [];
    private readonly LogRecorder<FeedDelivery> _gaps = new();
    private Feed _feed = null!;
    private ChannelFeeds _feeds = null!;
    private PubSubClient _pubSub = null!;
    private ConnectionMultiplexer _redis = null!;
    private ChannelLog _log = null!;
    private FeedDelivery _delivery = null!;
    private Connection _connection = null!;

    public async ValueTask InitializeAsync()
    {
        await _server.StartAsync();
        _redis = await _server.ConnectAsync();
        var (options, continuity) = (Options.Create(_options), Options.Create(_continuity));
        _log = new ChannelLog(_redis, options, continuity, TimeProvider.System);
        var hub = new ChannelHub();
        var ledger = new Ledger(new ConnectionRegistry(), TimeProvider.System);
        var telemetry = new GatewayTelemetry(_services.GetRequiredService<IMeterFactory>(), options, ledger);
        var recent = new RecentEvents(continuity);
        var delivery = new EventDelivery(
            hub,
            new SlowPolicies(options),
            recent,
            telemetry,
            new Replica(),
            TimeProvider.System
        );
        _delivery = new FeedDelivery(delivery, hub, _log, telemetry, options, continuity, TimeProvider.System, _gaps);
        // Never started: what Redis says is given to the feeds by hand.
        _pubSub = new PubSubClient(
            _redis,
            new Replica(),
            continuity,
            TimeProvider.System,
            NullLogger<PubSubClient>.Instance
        );
        _feeds = new ChannelFeeds(_pubSub, hub, _delivery, telemetry, NullLogger<ChannelFeeds>.Instance);
        _feed = new Feed(Channel, FeedMode.Live, _feeds);
        _connection = new Connection(
            WebSocket.CreateFromStream(Stream.Null, isServer: true, null, Timeout.InfiniteTimeSpan),
            new Visitor(
                Surface.User,
                new Caller("42", [], DateTimeOffset.MaxValue),
                IPAddress.Loopback.ToString(),
                OrderId: null,
                Resume: null
            ),
            _options,
            DateTimeOffset.UnixEpoch
        )
        {
            Topics = Topics.Tasks,
        };
        hub.Add(Channel, _connection);
    }

    public async ValueTask DisposeAsync()
    {
        _connection.Dispose();
        _pubSub.Dispose();
        await _redis.DisposeAsync();
        await _server.DisposeAsync();
        await _services.DisposeAsync();
    }

    [Fact]
    public async Task Events_that_redis_lost_are_read_from_the_history_before_the_next_one()
    {
        var events = await NumberAsync("a", "b", "c", "d");
        await _delivery.DeliverAsync(_feed, events[0]);
        await _delivery.DeliverAsync(_feed, events[3]);
        Assert.Equal(["a", "b", "c", "d"], Told());
    }

    [Fact]
    public async Task When_the_history_has_forgotten_them_the_client_is_told_before_the_next_one()
    {
        var first = await NumberAsync("a");
        await _delivery.DeliverAsync(_feed, first[0]);
        var last = (await NumberAsync("b", "c", "d", "e", "f", "g", "h"))[^1];
        await _delivery.DeliverAsync(_feed, last);
        Assert.Equal(["a", "resumed user:42 False 7", "h"], Told());
    }

    [Fact]
    public async Task A_new_epoch_that_begins_with_its_first_event_is_no_hole_and_one_that_does_not_is()
    {
        await _delivery.DeliverAsync(_feed, (await NumberAsync("a"))[0]);
        await _redis.GetServers()[0].FlushAllDatabasesAsync();
        await _delivery.DeliverAsync(_feed, (await NumberAsync("b"))[0]);
        Assert.Equal(["a", "b"], Told());

        await _redis.GetServers()[0].FlushAllDatabasesAsync();
        await _delivery.DeliverAsync(_feed, (await NumberAsync("c", "d"))[1]);
        Assert.Equal(["c", "d"], Told());
    }

    [Fact]
    public async Task Events_that_come_while_the_history_is_read_wait_for_what_is_missing()
    {
        await NumberAsync("a", "b", "c", "d", "e");
        await _server.PauseAsync();
        foreach (var id in new[] { "a", "c", "d", "e" })
        {
            _feed.Take(_messages[id]);
        }

        Assert.Equal(["a"], Told());
        await _server.ResumeAsync();
        await Eventually.TrueAsync(() => _connection.Queue.Events == 4, "the others are there");
        Assert.Equal(["b", "c", "d", "e"], Told());

        // Those that waited found no hole of their own.
        Assert.Single(_gaps.Lines);
    }

    [Fact]
    public async Task Without_the_repair_what_redis_lost_is_missing()
    {
        _continuity.RepairGaps = false;
        var events = await NumberAsync("a", "b", "c");
        await _delivery.DeliverAsync(_feed, events[0]);
        await _delivery.DeliverAsync(_feed, events[2]);
        Assert.Equal(["a", "c"], Told());
    }

    [Fact]
    public async Task An_event_that_comes_again_is_recognised()
    {
        var events = await NumberAsync("a", "b");
        await _delivery.DeliverAsync(_feed, events[0]);
        await _delivery.DeliverAsync(_feed, events[1]);
        await _delivery.DeliverAsync(_feed, events[1]);
        Assert.Equal(["a", "b"], Told());
    }

    /// <summary>Numbers the events, and gives them back as Redis publishes them.</summary>
    private async Task<IReadOnlyList<ChannelEvent>> NumberAsync(params string[] ids)
    {
        var before = (await _log.ReadAsync([new(Channel, null)]))[0];
        var published = new List<ChannelEvent>();
        var queue = await _redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal(ChannelLog.PubSubName(Channel)));
        await _log.AppendAsync([
            .. ids.Select(id => new AddressedEvent(
                Channel,
                new CloudEvent
                {
                    Id = id,
                    Source = "/tests",
                    Type = "task.created",
                    Data = JsonDocument.Parse("{}").RootElement,
                },
                default,
                Place: null
            )),
        ]);
        while (published.Count < ids.Length)
        {
            var message = await queue.ReadAsync(TestContext.Current.CancellationToken);
            var bytes = (byte[])message.Message!;
            Assert.True(ChannelEvent.TryRead(Channel, bytes, out var channelEvent));
            _messages[channelEvent.Event.Id] = bytes;
            published.Add(channelEvent);
        }

        await queue.UnsubscribeAsync();
        Assert.Equal(before.Offset + 1, published[0].Offset);
        return published;
    }

    /// <summary>What waits for the client: ids of events, and what the server says.</summary>
    private List<string> Told()
    {
        var told = new List<string>();
        while (_connection.Queue.TryTake(out var frame))
        {
            told.Add(frame.Mark?.Id ?? Say(JsonDocument.Parse(frame.Payload).RootElement));
        }

        return told;
    }

    private static string Say(JsonElement frame)
    {
        var recovery = frame.GetProperty("channels").GetProperty(Channel);
        return $"{frame.GetProperty("type")} {Channel} {recovery.GetProperty("recovered")} {recovery.GetProperty("offset")}";
    }
}
