using Microsoft.Extensions.Options;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Intake;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Tests;

/// <summary>Numbers and histories, on Garnet and on the original Redis.</summary>
public abstract class ChannelLogTests : IAsyncLifetime
{
    private const string Channel = "user:42";

    private readonly FakeClock _clock = new();
    private readonly GatewayOptions _options = new() { HistoryEvents = 5 };
    private readonly ContinuityOptions _continuity = new();
    private IConnectionMultiplexer _redis = null!;
    private ChannelLog _log = null!;

    /// <summary>A connection to a fresh server.</summary>
    protected abstract Task<IConnectionMultiplexer> ConnectAsync();

    /// <summary>Ends the server.</summary>
    protected abstract ValueTask StopAsync();

    public async ValueTask InitializeAsync()
    {
        _redis = await ConnectAsync();
        _log = NewLog();
    }

    public async ValueTask DisposeAsync()
    {
        await _redis.DisposeAsync();
        await StopAsync();
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task Numbers_rise_by_one_and_an_event_that_comes_again_gets_none()
    {
        Assert.Equal(2, (await AppendAsync("a", "b")).New);
        Assert.Equal(1, (await AppendAsync("b", "c")).New);
        var history = await ReadAsync(await PositionAsync(0));
        Assert.True(history.IsComplete);
        Assert.Equal([1L, 2, 3], history.Events.Select(read => read.Offset));
        Assert.Equal(["a", "b", "c"], Ids(history));
        Assert.Equal(new KafkaPlace("task-updates", 3, 7), history.Events[0].Place);
    }

    [Fact]
    public async Task Without_recognition_an_event_that_comes_again_gets_another_number()
    {
        _continuity.Deduplicate = false;
        await AppendAsync("a");
        Assert.Equal(1, (await AppendAsync("a")).New);
    }

    [Fact]
    public async Task Copies_are_the_subscriptions_that_an_event_was_published_to()
    {
        var subscriber = _redis.GetSubscriber();
        await subscriber.SubscribeAsync(RedisChannel.Literal(ChannelLog.PubSubName(Channel)), (_, _) => { });
        Assert.Equal(2, (await AppendAsync("a", "b")).Copies);
    }

    [Fact]
    public async Task More_events_than_are_kept_make_a_hole_that_is_not_hidden()
    {
        var start = await PositionAsync(0);
        await AppendAsync("a", "b", "c", "d", "e", "f", "g");
        Assert.False((await ReadAsync(start)).IsComplete);
        Assert.Empty((await ReadAsync(start)).Events);
        Assert.False((await ReadAsync(start with { Offset = 1 })).IsComplete);
        Assert.Equal(["c", "d", "e", "f", "g"], Ids(await ReadAsync(start with { Offset = 2 })));
        Assert.Equal([], Ids(await ReadAsync(start with { Offset = 7 })));
        Assert.True((await ReadAsync(start with { Offset = 7 })).IsComplete);
        Assert.False((await ReadAsync(start with { Offset = 8 })).IsComplete);
        Assert.False((await ReadAsync(start with { Epoch = "another" })).IsComplete);
    }

    [Fact]
    public async Task Events_beyond_their_age_are_not_kept()
    {
        var start = await PositionAsync(0);
        await AppendAsync("a");
        _clock.Advance(_options.HistoryAge + TimeSpan.FromSeconds(1));
        await AppendAsync("b");
        Assert.False((await ReadAsync(start)).IsComplete);
        Assert.Equal(["b"], Ids(await ReadAsync(start with { Offset = 1 })));

        // What is forgotten is no longer recognised.
        Assert.Equal(1, (await AppendAsync("a")).New);
    }

    [Fact]
    public async Task A_redis_that_has_lost_everything_begins_a_new_epoch()
    {
        await AppendAsync("a");
        var position = await PositionAsync(1);
        await _redis.GetServers()[0].FlushAllDatabasesAsync();
        await AppendAsync("b");
        var history = await ReadAsync(position);
        Assert.False(history.IsComplete);
        Assert.NotEqual(position.Epoch, history.Epoch);
        Assert.Equal(1, history.Offset);
    }

    [Fact]
    public async Task A_redis_that_has_gone_back_in_time_begins_a_new_epoch_for_every_channel()
    {
        await AppendAsync("a", "b");
        var position = await PositionAsync(2);

        // Another replica of the gateway has seen more than this Redis knows.
        var other = NewLog();
        other.Learn(_log.Sequence + 1);
        var history = (await other.ReadAsync([new(Channel, position)]))[0];
        Assert.False(history.IsComplete);
        Assert.NotEqual(position.Epoch, history.Epoch);
        Assert.Equal(0, history.Offset);

        // All agree on it at once, and nothing is lost twice.
        Assert.Equal(history.Epoch, (await ReadAsync(position)).Epoch);
        await AppendAsync("c");
        Assert.Equal(history.Epoch, (await ReadAsync(position)).Epoch);
    }

    [Fact]
    public async Task A_channel_that_nobody_used_has_an_epoch_from_which_everything_is_proved()
    {
        var start = await PositionAsync(0);
        await AppendAsync("a");
        Assert.Equal(["a"], Ids(await ReadAsync(start)));
    }

    private ChannelLog NewLog() => new(_redis, Options.Create(_options), Options.Create(_continuity), _clock);

    private Task<Appended> AppendAsync(params string[] ids) =>
        _log.AppendAsync([
            .. ids.Select(id => new AddressedEvent(
                Channel,
                new CloudEvent
                {
                    Id = id,
                    Source = "/tests",
                    Type = "task.created",
                },
                default,
                new KafkaPlace("task-updates", 3, 7)
            )),
        ]);

    private async Task<ChannelPosition> PositionAsync(long offset) =>
        new((await _log.ReadAsync([new(Channel, null)]))[0].Epoch, offset);

    private async Task<ChannelHistory> ReadAsync(ChannelPosition position) =>
        (await _log.ReadAsync([new(Channel, position)]))[0];

    private static IEnumerable<string> Ids(ChannelHistory history) => history.Events.Select(read => read.Event.Id);
}

/// <inheritdoc/>
public sealed class ChannelLogOnGarnetTests : ChannelLogTests
{
    private readonly GarnetServer _server = new();

    protected override async Task<IConnectionMultiplexer> ConnectAsync()
    {
        await _server.StartAsync();
        return await _server.ConnectAsync();
    }

    protected override ValueTask StopAsync() => _server.DisposeAsync();
}

/// <inheritdoc/>
public sealed class ChannelLogOnRedisTests : ChannelLogTests
{
    private readonly RedisServer _server = new();

    protected override async Task<IConnectionMultiplexer> ConnectAsync()
    {
        Assert.SkipUnless(RedisServer.IsInstalled, "redis-server is not installed.");
        await _server.StartAsync();
        return await _server.ConnectAsync();
    }

    protected override ValueTask StopAsync() => _server.DisposeAsync();
}
