using System.Net;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

public sealed class SocketTests(SuiteFixture fixture)
{
    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task The_first_frames_are_connection_and_connected_as_the_documents_print_them()
    {
        await using var socket = await SocketClient.ConnectAsync(
            _suite.SocketAddress($"/ws?user_id=user-123&token={_suite.TokenFor("user-123")}")
        );
        var connection = await socket.ReadAsync();
        Assert.Equal(
            ["type", "status", "client_id", "timestamp"],
            connection.EnumerateObject().Select(field => field.Name)
        );
        Assert.Equal("connection", connection.GetProperty("type").GetString());
        Assert.Equal("connected", connection.GetProperty("status").GetString());
        Assert.True(connection.GetProperty("client_id").TryGetGuid(out _));

        var connected = await socket.ReadAsync();
        Assert.Equal(
            ["type", "message", "user_id", "timestamp"],
            connected.EnumerateObject().Select(field => field.Name)
        );
        Assert.Equal("connected", connected.GetProperty("type").GetString());
        Assert.Equal("WebSocket connected successfully", connected.GetProperty("message").GetString());
        Assert.Equal("user-123", connected.GetProperty("user_id").GetString());
    }

    [Fact]
    public async Task The_token_may_come_in_the_authorization_header()
    {
        await using var socket = await SocketClient.ConnectAsync(
            _suite.SocketAddress("/ws"),
            ("Authorization", "Bearer " + _suite.TokenFor("header-user"))
        );
        Assert.Equal("header-user", (await socket.ReadUntilAsync("connected")).GetProperty("user_id").GetString());
    }

    [Theory]
    [InlineData("""{"type":"ping"}""")]
    [InlineData("ping")]
    public async Task A_ping_is_answered_with_a_pong(string ping)
    {
        await using var socket = await _suite.ConnectAsync("pinger");
        await socket.SendAsync(ping);
        Assert.Equal("pong", (await socket.ReadAsync()).GetProperty("type").GetString());
    }

    [Theory]
    [InlineData("", "invalid_json")]
    [InlineData("{", "invalid_json")]
    [InlineData("[]", "invalid_json")]
    [InlineData("""{"type":1}""", "invalid_json")]
    [InlineData("""{"type":"ping"} and more""", "invalid_json")]
    [InlineData("""{"type":"dance"}""", "unknown_type")]
    public async Task A_message_that_is_not_understood_is_answered_with_an_error_and_the_connection_lives(
        string message,
        string code
    )
    {
        await using var socket = await _suite.ConnectAsync("babbler");
        await socket.SendAsync(message);
        var error = await socket.ReadAsync();
        Assert.Equal("error", error.GetProperty("type").GetString());
        Assert.Equal(code, error.GetProperty("code").GetString());
        Assert.NotEmpty(error.GetProperty("message").GetString()!);

        await socket.SendAsync("ping");
        Assert.Equal("pong", (await socket.ReadAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task Five_messages_that_are_not_understood_close_with_4013_after_the_last_error()
    {
        await using var socket = await _suite.ConnectAsync("babbler");
        for (var i = 0; i < 5; i++)
        {
            await socket.SendAsync("binary", WebSocketMessageType.Binary);
            Assert.Equal("unsupported_data", (await socket.ReadAsync()).GetProperty("code").GetString());
        }

        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(4013, socket.CloseCode);
    }

    [Fact]
    public async Task A_message_over_64_KiB_closes_with_1009()
    {
        await using var socket = await _suite.ConnectAsync("shouter");
        await socket.SendAsync(new string('x', (64 * 1024) + 1));
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(1009, socket.CloseCode);
    }

    [Fact]
    public async Task A_client_that_says_goodbye_is_answered()
    {
        await using var socket = await _suite.ConnectAsync("polite");
        await socket.CloseAsync();
        Assert.Equal(1000, socket.CloseCode);
    }

    [Fact]
    public async Task Sockets_that_prove_nobody_are_closed_with_4001_and_a_reason()
    {
        string[] queries =
        [
            "",
            "?token=",
            "?token=nonsense",
            "?user_id=user1",
            $"?token={TestTokens.WithoutSignature("user1")}",
            $"?token={TestTokens.For("user1", "another-secret-of-more-than-32-bytes-here")}",
            $"?token={TestTokens.For("user1", _suite.Secret, TimeProvider.System.GetUtcNow().AddMinutes(-1))}",
            $"?token={TestTokens.For("user1", _suite.Secret, algorithm: "HS512")}",
        ];
        foreach (var query in queries)
        {
            await using var socket = await SocketClient.ConnectAsync(_suite.SocketAddress("/ws" + query));
            Assert.Null(await socket.ReadTextAsync());
            Assert.Equal(4001, socket.CloseCode);
            Assert.Equal("A valid token is needed.", socket.CloseReason);
        }
    }

    [Fact]
    public async Task Asking_for_another_users_events_is_closed_with_4003()
    {
        await using var socket = await SocketClient.ConnectAsync(
            _suite.SocketAddress($"/ws?user_id=user2&token={_suite.TokenFor("user1")}")
        );
        Assert.Null(await socket.ReadTextAsync());
        Assert.Equal(4003, socket.CloseCode);
    }

    [Fact]
    public async Task A_plain_request_is_told_that_the_path_takes_sockets()
    {
        using var client = _suite.Gateway();
        using var response = await client.GetAsync(
            new Uri("/ws", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.UpgradeRequired, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task Stats_count_users_and_connections_across_the_replicas()
    {
        var (first, second) = await _suite.ConnectToBothReplicasAsync("counted");
        await using var firstSocket = first;
        await using var secondSocket = second;
        using var gateway = _suite.Gateway();
        await Eventually.TrueAsync(
            async () => await CountAsync(gateway, "counted") == 2,
            "both connections are counted"
        );

        await second.CloseAsync();
        await Eventually.TrueAsync(async () => await CountAsync(gateway, "counted") == 1, "one connection is left");
        await first.CloseAsync();
        await Eventually.TrueAsync(async () => await CountAsync(gateway, "counted") == 0, "none is left");
    }

    private static async Task<int> CountAsync(HttpClient gateway, string userId)
    {
        var stats = await gateway.GetFromJsonAsync<JsonElement>("/stats");
        var users = stats.GetProperty("users");
        Assert.Equal(users.EnumerateObject().Count(), stats.GetProperty("total_users").GetInt32());
        Assert.Equal(
            users.EnumerateObject().Sum(user => user.Value.GetInt32()),
            stats.GetProperty("total_connections").GetInt32()
        );
        return users.TryGetProperty(userId, out var count) ? count.GetInt32() : 0;
    }
}
