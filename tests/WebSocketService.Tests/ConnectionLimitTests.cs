using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Limits;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Tests;

public sealed class ConnectionLimitTests : IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly LimitOptions _options = new() { MaxConnectionsPerAddress = 10, CountTimeout = Patience };
    private readonly FakeClock _clock = new();
    private GarnetServer _garnet = null!;
    private ReplicaUnderTest _first = null!;
    private ReplicaUnderTest _second = null!;

    public async ValueTask InitializeAsync()
    {
        _garnet = await GarnetServer.RunAsync();
        _first = await ReplicaUnderTest.StartAsync(_garnet, _options, _clock);
        _second = await ReplicaUnderTest.StartAsync(_garnet, _options, _clock);
    }

    public async ValueTask DisposeAsync()
    {
        await _first.DisposeAsync();
        await _second.DisposeAsync();
        await _garnet.DisposeAsync();
    }

    [Fact]
    public async Task Of_200_connections_of_a_user_that_come_at_once_to_two_replicas_exactly_five_are_admitted()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? _first : _second).EnterAsync("user", $"10.0.0.{i}"))
        );
        Assert.Equal(5, answers.Count(answer => answer.IsAdmitted));
        Assert.All(
            answers.Where(answer => !answer.IsAdmitted),
            answer => Assert.Equal(DisconnectReason.TooManyForUser, answer.Refusal)
        );
        _first.AssertCalm();
        _second.AssertCalm();
    }

    [Fact]
    public async Task Of_200_connections_of_an_address_exactly_as_many_are_admitted_as_it_may_have()
    {
        var answers = await Task.WhenAll(
            Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? _first : _second).EnterAsync($"user{i}", "10.0.0.1"))
        );
        Assert.Equal(10, answers.Count(answer => answer.IsAdmitted));
        Assert.Contains(answers, answer => answer.Refusal == DisconnectReason.TooManyForAddress);
    }

    [Fact]
    public async Task A_connection_that_ended_makes_room_on_every_replica_and_only_once()
    {
        var leases = await FillAsync(_first);
        await _first.Limits.LeaveAsync(leases[0]);
        await _first.Limits.LeaveAsync(leases[0]);

        Assert.True((await _second.EnterAsync("user")).IsAdmitted);
        Assert.Equal(DisconnectReason.TooManyForUser, (await _second.EnterAsync("user")).Refusal);
    }

    [Fact]
    public async Task A_replica_that_is_full_refuses_and_takes_again_when_a_connection_ends()
    {
        _options.MaxConnections = 2;
        var one = await _first.EnterAsync("a");
        Assert.True((await _first.EnterAsync("b")).IsAdmitted);
        Assert.Equal(DisconnectReason.ServerFull, (await _first.EnterAsync("c")).Refusal);
        Assert.True((await _second.EnterAsync("c")).IsAdmitted);

        await _first.Limits.LeaveAsync(one.Lease!);
        Assert.True((await _first.EnterAsync("c")).IsAdmitted);
    }

    [Fact]
    public async Task The_connections_of_a_dead_replica_stop_counting_and_those_of_a_live_one_do_not()
    {
        await _first.EnterAsync("user");
        await _first.EnterAsync("user");
        for (var i = 0; i < 3; i++)
        {
            Assert.True((await _second.EnterAsync("user")).IsAdmitted);
        }

        for (var i = 0; i < 3; i++)
        {
            Assert.False((await _second.EnterAsync("user")).IsAdmitted);
            _clock.Advance(_options.LeaseRenewal);
            await _second.Limits.RenewAsync(TestContext.Current.CancellationToken);
        }

        // The two of the first replica, which renews nothing, are gone; the three of the second still count.
        Assert.True((await _second.EnterAsync("user")).IsAdmitted);
        Assert.True((await _second.EnterAsync("user")).IsAdmitted);
        Assert.False((await _second.EnterAsync("user")).IsAdmitted);
    }

    [Fact]
    public async Task Without_redis_each_replica_counts_its_own_and_says_so_once_and_counts_together_again_afterwards()
    {
        var before = await FillAsync(_first, count: 3);
        await _garnet.KillAsync();
        _options.CountTimeout = TimeSpan.FromMilliseconds(100);

        for (var i = 0; i < 2; i++)
        {
            Assert.True((await _first.EnterAsync("user")).IsAdmitted);
            Assert.True((await _second.EnterAsync("user")).IsAdmitted);
        }

        Assert.Equal(DisconnectReason.TooManyForUser, (await _first.EnterAsync("user")).Refusal);
        await _first.Limits.LeaveAsync(before[0]);
        Assert.True((await _first.EnterAsync("user")).IsAdmitted);
        Assert.Single(_first.Warnings);
        Assert.Single(_second.Warnings);

        _options.CountTimeout = Patience;
        await _garnet.StartAsync();
        await BackAsync(_first);
        await BackAsync(_second);

        // Seven are open, five on one replica and two on the other: nobody is thrown out, and nobody comes in.
        Assert.Equal(DisconnectReason.TooManyForUser, (await _second.EnterAsync("user")).Refusal);
        Assert.Single(_first.Warnings);
    }

    [Fact]
    public async Task A_server_that_forgot_everything_is_told_again_what_is_held()
    {
        await FillAsync(_first);
        await using var redis = await _garnet.ConnectAsync();
        await redis.GetDatabase().ExecuteAsync("FLUSHALL");
        await _first.Limits.RenewAsync(TestContext.Current.CancellationToken);
        Assert.Equal(DisconnectReason.TooManyForUser, (await _second.EnterAsync("user")).Refusal);
    }

    [Fact]
    public async Task Thousands_of_leases_are_renewed_in_batches_and_keep_the_time_of_the_last_renewal()
    {
        _options.MaxConnectionsPerAddress = 10_000;
        await Task.WhenAll(Enumerable.Range(0, 1_200).Select(i => _first.EnterAsync($"user{i}")));
        _clock.Advance(_options.LeaseRenewal);
        await _first.Limits.RenewAsync(TestContext.Current.CancellationToken);

        await using var redis = await _garnet.ConnectAsync();
        var expiry = (_clock.GetUtcNow() + _options.LeaseExpiry).ToUnixTimeMilliseconds();
        Assert.Equal(
            1_200,
            await redis.GetDatabase().SortedSetLengthAsync(LeaseStore.AddressKey("10.0.0.1"), expiry, expiry)
        );
        _first.AssertCalm();
    }

    [Fact]
    public async Task A_handshake_that_is_given_up_leaves_nothing_behind()
    {
        using var cancelled = new CancellationTokenSource();
        await cancelled.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() =>
            _first.Limits.EnterAsync("user", "10.0.0.1", "given-up", cancelled.Token)
        );
        await FillAsync(_first);
    }

    private static async Task<List<ConnectionLease>> FillAsync(ReplicaUnderTest replica, int count = 5)
    {
        var leases = new List<ConnectionLease>();
        for (var i = 0; i < count; i++)
        {
            leases.Add((await replica.EnterAsync("user")).Lease!);
        }

        Assert.DoesNotContain(null, leases);
        return leases;
    }

    private static Task BackAsync(ReplicaUnderTest replica) =>
        Eventually.TrueAsync(
            async () =>
            {
                await replica.Limits.RenewAsync(TestContext.Current.CancellationToken);
                return !replica.Limits.IsAlone;
            },
            "the replica counts with the others again"
        );

    /// <summary>The limits of one replica, with a connection to Redis of its own.</summary>
    private sealed class ReplicaUnderTest : IAsyncDisposable
    {
        private readonly ConnectionMultiplexer _redis;
        private readonly LogRecorder<ConnectionLimits> _log = new();

        private ReplicaUnderTest(ConnectionMultiplexer redis, LimitOptions options, TimeProvider clock)
        {
            _redis = redis;
            Limits = new ConnectionLimits(redis, Options.Create(options), clock, _log);
        }

        public ConnectionLimits Limits { get; }

        public IEnumerable<string> Warnings =>
            _log.Lines.Where(line => line.Level >= LogLevel.Warning).Select(line => line.Line);

        public static async Task<ReplicaUnderTest> StartAsync(
            GarnetServer garnet,
            LimitOptions options,
            TimeProvider clock
        ) => new(await garnet.ConnectAsync(), options, clock);

        public Task<Admission> EnterAsync(string userId, string address = "10.0.0.1") =>
            Limits.EnterAsync(userId, address, Guid.NewGuid().ToString(), TestContext.Current.CancellationToken);

        public void AssertCalm() => Assert.Empty(_log.Lines);

        public ValueTask DisposeAsync() => _redis.DisposeAsync();
    }
}
