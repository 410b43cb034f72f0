using System.Net.WebSockets;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

public sealed class HandshakeTests(SuiteFixture fixture)
{
    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task The_token_may_come_as_a_subprotocol_which_is_answered()
    {
        await using var socket = await SocketClient.ConnectAsync(
            _suite.SocketAddress("/ws"),
            ("Sec-WebSocket-Protocol", "bearer, " + _suite.TokenFor("protocol-user"))
        );
        Assert.Equal("protocol-user", (await socket.ReadUntilAsync("connected")).GetProperty("user_id").GetString());
        Assert.Equal("bearer", socket.SubProtocol);
    }

    [Fact]
    public async Task A_cookie_counts_only_for_a_page_of_an_allowed_origin()
    {
        var cookie = ("Cookie", "access_token=" + _suite.TokenFor("cookie-user"));
        await using var page = await SocketClient.ConnectAsync(
            _suite.SocketAddress("/ws"),
            cookie,
            ("Origin", "http://localhost:3000")
        );
        Assert.Equal("cookie-user", (await page.ReadUntilAsync("connected")).GetProperty("user_id").GetString());

        await using var program = await SocketClient.ConnectAsync(_suite.SocketAddress("/ws"), cookie);
        Assert.Null(await program.ReadTextAsync());
        Assert.Equal(4001, program.CloseCode);
    }

    [Theory]
    [InlineData("https://evil.example")]
    [InlineData("null")]
    [InlineData("nonsense")]
    public async Task Pages_of_other_origins_are_refused_with_403(string origin)
    {
        var refusal = await Assert.ThrowsAsync<WebSocketException>(() =>
            SocketClient.ConnectAsync(_suite.SocketAddress($"/ws?token={_suite.TokenFor("user1")}"), ("Origin", origin))
        );
        Assert.Contains("403", refusal.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_socket_is_closed_when_its_token_ends()
    {
        var token = TestTokens.For("brief", _suite.Secret, TimeProvider.System.GetUtcNow().AddSeconds(6));
        await using var socket = await SocketClient.ConnectAsync(_suite.SocketAddress($"/ws?token={token}"));
        await socket.ReadUntilAsync("initial_state");
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(4001, socket.CloseCode);
        Assert.Equal("The token has expired.", socket.CloseReason);
    }

    [Fact]
    public async Task A_token_refreshed_in_band_keeps_the_socket_open()
    {
        var token = TestTokens.For("lasting", _suite.Secret, TimeProvider.System.GetUtcNow().AddSeconds(6));
        await using var socket = await SocketClient.ConnectAsync(_suite.SocketAddress($"/ws?token={token}"));
        await socket.ReadUntilAsync("initial_state");
        await RefreshAsync(socket, _suite.TokenFor("lasting"));
        var answer = await socket.ReadAsync();
        Assert.Equal("auth", answer.GetProperty("type").GetString());
        Assert.Equal("refreshed", answer.GetProperty("status").GetString());
        Assert.True(
            answer.GetProperty("expires_at").GetDateTimeOffset() > TimeProvider.System.GetUtcNow().AddMinutes(30)
        );

        // Another socket with a token of the same end is closed; this one still answers.
        await using var witness = await SocketClient.ConnectAsync(_suite.SocketAddress($"/ws?token={token}"));
        await witness.ReadToEndAsync();
        Assert.Equal(4001, witness.CloseCode);
        await socket.SendAsync("ping");
        Assert.Equal("pong", (await socket.ReadAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task A_refresh_with_anothers_token_is_forbidden_and_with_a_bad_one_unauthenticated()
    {
        await using var forbidden = await _suite.ConnectAsync("me");
        await RefreshAsync(forbidden, _suite.TokenFor("you"));
        Assert.Null(await forbidden.ReadTextAsync());
        Assert.Equal(4003, forbidden.CloseCode);

        await using var bad = await _suite.ConnectAsync("me");
        await RefreshAsync(bad, "nonsense");
        Assert.Null(await bad.ReadTextAsync());
        Assert.Equal(4001, bad.CloseCode);
    }

    private static Task RefreshAsync(SocketClient socket, string token) =>
        socket.SendAsync(JsonSerializer.Serialize(new { type = "auth", token }));
}
