using System.Net.WebSockets;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>A suite with small limits.</summary>
public sealed class LimitFixture : IAsyncLifetime
{
    public Suite Suite { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Suite = await Suite.StartAsync(
            withDashboard: false,
            TestContext.Current.CancellationToken,
            "--Gateway:Environment:WEBSOCKET_MAX_CONNECTIONS_PER_USER=2",
            "--Gateway:Environment:Gateway__Limits__MaxConnectionsPerAddress=6",
            "--Gateway:Environment:Gateway__Limits__HandshakesPerMinutePerAddress=60",
            "--Gateway:Environment:Gateway__Limits__MessagesPerSecond=5",
            "--Gateway:Environment:Gateway__Limits__MessageBurst=10"
        );

    public ValueTask DisposeAsync() => Suite.DisposeAsync();
}

[TestCaseOrderer(typeof(ByName))]
public sealed class LimitTests(LimitFixture fixture) : IClassFixture<LimitFixture>
{
    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task A_user_has_so_many_connections_on_all_replicas_together_and_may_come_again_when_one_ends()
    {
        await using var first = await _suite.ConnectAsync("eager");
        await using var second = await _suite.ConnectAsync("eager");
        Assert.Equal(4009, await CodeOfNextAsync("eager"));

        await first.CloseAsync();
        await PlacesAreTakenAsync("user:eager", 1);
        Assert.Null(await CodeOfNextAsync("eager"));
    }

    [Fact]
    public async Task An_address_has_so_many_connections_whoever_they_are()
    {
        // Those of the test before.
        await PlacesAreTakenAsync("address:*", 0);
        var sockets = new List<SocketClient>();
        for (var i = 0; i < 6; i++)
        {
            sockets.Add(await _suite.ConnectAsync($"one-of-many-{i}"));
        }

        Assert.Equal(4009, await CodeOfNextAsync("one-too-many"));
        foreach (var socket in sockets)
        {
            await socket.CloseAsync();
            await socket.DisposeAsync();
        }
    }

    [Fact]
    public async Task A_client_that_sends_too_fast_is_closed_with_4029()
    {
        await using var socket = await _suite.ConnectAsync("hasty");
        // Many more than the burst, as some are forgiven while they are being sent.
        for (var i = 0; i < 40; i++)
        {
            await socket.SendAsync("ping");
        }

        await socket.ReadToEndAsync();
        Assert.Equal(4029, socket.CloseCode);
    }

    [Fact]
    public async Task Z_an_address_that_knocks_too_often_is_answered_with_429_before_the_upgrade()
    {
        // Last by its name: afterwards nobody from this address gets in for a while.
        var refusal = await Assert.ThrowsAsync<WebSocketException>(async () =>
        {
            for (var i = 0; i < 300; i++)
            {
                await using var socket = await SocketClient.ConnectAsync(_suite.SocketAddress("/ws"));
            }
        });
        Assert.Contains("429", refusal.Message, StringComparison.Ordinal);
    }

    /// <summary>Waits until so many places are taken: that of a socket is given back a moment after its end.</summary>
    private async Task PlacesAreTakenAsync(string by, int count)
    {
        await using var redis = await _suite.RedisAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                var taken = 0L;
                await foreach (var key in redis.GetServers()[0].KeysAsync(pattern: "limits:" + by))
                {
                    taken += await redis.GetDatabase().SortedSetLengthAsync(key);
                }

                return taken == count;
            },
            $"{count} places are taken by {by}"
        );
    }

    /// <summary>The close code that one more connection of the user meets; null when it is let in.</summary>
    private async Task<int?> CodeOfNextAsync(string userId)
    {
        await using var socket = await SocketClient.ConnectAsync(
            _suite.SocketAddress($"/ws?token={_suite.TokenFor(userId)}")
        );
        if (await socket.ReadTextAsync() is null)
        {
            return socket.CloseCode;
        }

        await socket.CloseAsync();
        return null;
    }
}

/// <summary>Runs the tests of a class in the order of their names.</summary>
public sealed class ByName : Xunit.v3.ITestCaseOrderer
{
    public IReadOnlyCollection<TTestCase> OrderTestCases<TTestCase>(IReadOnlyCollection<TTestCase> testCases)
        where TTestCase : notnull, Xunit.Sdk.ITestCase =>
        [.. testCases.OrderBy(testCase => testCase.TestCaseDisplayName, StringComparer.Ordinal)];
}
