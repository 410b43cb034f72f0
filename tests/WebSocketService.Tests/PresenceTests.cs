using Microsoft.Extensions.Logging.Abstractions;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Presence;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Tests;

/// <summary>What of a replica's counts is in Redis.</summary>
public sealed class PresenceTests : IAsyncLifetime
{
    private const int Users = 1200;

    private readonly FakeClock _clock = new();
    private readonly PresenceBoard _board = new();
    private readonly Replica _replica = new();
    private GarnetServer _garnet = null!;
    private ConnectionMultiplexer _redis = null!;
    private PresencePublisher _publisher = null!;

    private string Key => PresencePublisher.Key(_replica.Id);

    public async ValueTask InitializeAsync()
    {
        _garnet = await GarnetServer.RunAsync();
        _redis = await _garnet.ConnectAsync();
        _publisher = new PresencePublisher(
            _redis,
            _board,
            new Ledger(new ConnectionRegistry(), TimeProvider.System),
            _replica,
            _clock,
            NullLogger<PresencePublisher>.Instance
        );
        await _publisher.StartAsync(CancellationToken.None);
        await Eventually.TrueAsync(() => _redis.GetDatabase().KeyExistsAsync(Key), "the replica is there");
        for (var user = 0; user < Users; user++)
        {
            _board.Joined($"user{user}");
        }

        await CountsBecomeAsync(Users);
    }

    public async ValueTask DisposeAsync()
    {
        await _publisher.StopAsync(CancellationToken.None);
        _publisher.Dispose();
        _board.Dispose();
        await _redis.DisposeAsync();
        await _garnet.DisposeAsync();
    }

    [Fact]
    public async Task Changes_go_out_at_once()
    {
        _board.Joined("user1");
        _board.Left("user2");
        _board.Joined("another");
        await CountsBecomeAsync(Users);
        await Eventually.TrueAsync(
            async () => await _redis.GetDatabase().HashGetAsync(Key, "user1") == 2,
            "the second connection is counted"
        );
    }

    [Fact]
    public async Task Counts_that_are_lost_come_back_with_the_next_sign_of_life_even_when_a_change_came_before()
    {
        await _redis.GetDatabase().KeyDeleteAsync(Key);
        _board.Joined("another");
        await CountsBecomeAsync(1);
        _clock.Advance(TimeSpan.FromSeconds(5));
        _board.Joined("another");
        await CountsBecomeAsync(Users + 1);
        Assert.NotNull(await _redis.GetDatabase().KeyTimeToLiveAsync(Key));
    }

    [Fact]
    public async Task A_count_that_is_wrong_is_right_again_after_some_signs_of_life()
    {
        await _redis.GetDatabase().HashSetAsync(Key, "nobody", 7);
        await Eventually.TrueAsync(
            async () =>
            {
                _clock.Advance(TimeSpan.FromSeconds(5));
                _board.Joined("user1");
                return !await _redis.GetDatabase().HashExistsAsync(Key, "nobody");
            },
            "the hash is written afresh"
        );
        await CountsBecomeAsync(Users);
    }

    private Task CountsBecomeAsync(int users) =>
        Eventually.TrueAsync(
            async () =>
                (await _redis.GetDatabase().HashKeysAsync(Key)).Count(name => name != RedisValue.EmptyString) == users,
            $"{users} users are counted"
        );
}
