using System.Net.WebSockets;
using RealtimeSuite.Testing;

[assembly: AssemblyFixture(typeof(RealtimeSuite.Integration.Tests.SettingsFixture))]

namespace RealtimeSuite.Integration.Tests;

/// <summary>A suite whose gateway has other settings than the defaults.</summary>
public sealed class SettingsFixture : IAsyncLifetime
{
    public Suite Suite { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        Suite = await Suite.StartAsync(
            withDashboard: false,
            TestContext.Current.CancellationToken,
            "--Gateway:Environment:WEBSOCKET_IDLE_TIMEOUT=10",
            "--Gateway:Environment:WEBSOCKET_COMPRESSION=true",
            "--Gateway:Environment:WEBSOCKET_ALLOW_ANONYMOUS=true",
            "--Gateway:Environment:WEBSOCKET_METRICS_PER_USER=true",
            "--Gateway:Environment:CORS_ORIGINS=[\"https://app.example\"]",
            "--Gateway:Environment:APP_API_TOKEN=dapr-secret",
            "--Gateway:Environment:Gateway__PingInterval=00:00:00.5",
            "--Gateway:Environment:Gateway__PongTimeout=00:00:03",
            "--Gateway:Environment:Gateway__SweepInterval=00:00:00.1"
        );

    public ValueTask DisposeAsync() => Suite.DisposeAsync();
}

public sealed class GatewaySettingsTests(SettingsFixture fixture)
{
    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task A_client_that_says_nothing_is_closed_with_4010_and_one_that_pings_is_not()
    {
        // Both read all the time, and so answer the server's pings. Who came first would be closed first.
        await using var lively = await _suite.ConnectAsync("lively");
        await using var silent = await _suite.ConnectAsync("silent");
        var livelyClosed = lively.ReadToEndAsync();
        var silentClosed = silent.ReadToEndAsync();
        while (!silentClosed.IsCompleted)
        {
            await lively.SendAsync("ping");
            await Task.WhenAny(silentClosed, Task.Delay(TimeSpan.FromMilliseconds(200)));
        }

        await silentClosed;
        Assert.Equal(4010, silent.CloseCode);
        Assert.False(livelyClosed.IsCompleted);
    }

    [Fact]
    public async Task Only_configured_origins_may_connect()
    {
        var address = _suite.SocketAddress($"/ws?token={_suite.TokenFor("user1")}");
        await using var page = await SocketClient.ConnectAsync(address, ("Origin", "https://app.example"));
        await page.ReadUntilAsync("connected");
        await Assert.ThrowsAsync<WebSocketException>(() =>
            SocketClient.ConnectAsync(address, ("Origin", "http://localhost:3000"))
        );
    }

    [Fact]
    public async Task A_developer_may_allow_sockets_without_a_token()
    {
        // The first test of seed 001: wscat -c "ws://localhost:8004/ws?user_id=test-user"
        await using var anonymous = await SocketClient.ConnectAsync(_suite.SocketAddress("/ws?user_id=test-user"));
        Assert.Equal("test-user", (await anonymous.ReadUntilAsync("connected")).GetProperty("user_id").GetString());

        foreach (var query in new[] { "", "?user_id=test-user&token=forged" })
        {
            await using var refused = await SocketClient.ConnectAsync(_suite.SocketAddress("/ws" + query));
            Assert.Null(await refused.ReadTextAsync());
            Assert.Equal(4001, refused.CloseCode);
        }
    }

    [Theory]
    [InlineData(null, 401)]
    [InlineData("wrong", 401)]
    [InlineData("dapr-secret", 200)]
    public async Task Dapr_must_show_the_configured_token(string? token, int status)
    {
        using var gateway = _suite.Gateway();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/dapr/events/task-updates")
        {
            Content = new StringContent("{}"),
        };
        request.Headers.Add("dapr-api-token", token);
        using var response = await gateway.SendAsync(request);
        Assert.Equal(status, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_peer_that_answers_no_ping_is_gone_before_one_that_is_merely_silent()
    {
        // A client that does not read does not answer pings either. It says nothing, too: had it not been gone, it would have been idle.
        await using var mute = await _suite.ConnectAsync("mute");
        await using var silent = await _suite.ConnectAsync("silent-reader");
        await silent.ReadToEndAsync();
        Assert.Equal(4010, silent.CloseCode);
        await _suite.LogAsync(
            "gateway",
            log =>
                log.Contains(" mute gone ", StringComparison.Ordinal)
                && log.Contains(" silent-reader idle ", StringComparison.Ordinal)
        );
    }

    [Fact]
    public async Task Compression_is_used_when_the_client_offers_it_without_keeping_its_context()
    {
        await using var socket = await RawSocket.OpenAsync(_suite.SocketAddress("/ws?user_id=thrifty"));
        await socket.SendAsync(
            socket.Handshake([
                "Sec-WebSocket-Version: 13",
                RawSocket.Key,
                "Sec-WebSocket-Extensions: permessage-deflate",
            ])
        );
        var (status, headers) = await socket.ReadHttpAsync();
        Assert.Equal(101, status);
        Assert.Contains("permessage-deflate", headers["Sec-WebSocket-Extensions"], StringComparison.Ordinal);
        Assert.Contains("server_no_context_takeover", headers["Sec-WebSocket-Extensions"], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Active_connections_are_counted_by_user_when_asked_for()
    {
        await using var socket = await _suite.ConnectAsync("labelled");
        using var gateway = _suite.Gateway();

        // It says something from time to time, and reads, so that it stays.
        _ = socket.ReadToEndAsync();

        // Each call on a connection of its own, so that one replica after the other answers.
        gateway.DefaultRequestHeaders.ConnectionClose = true;
        await Eventually.TrueAsync(
            async () =>
            {
                await socket.SendAsync("ping");
                var metrics = await gateway.GetStringAsync(new Uri("/metrics", UriKind.Relative));
                return metrics.Contains(
                    "websocket_active_connections{user_id=\"labelled\"} 1",
                    StringComparison.Ordinal
                );
            },
            "a replica counts the user"
        );
    }
}
