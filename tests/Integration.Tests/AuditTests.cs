using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

public sealed class AuditTests(SettingsFixture fixture)
{
    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task Who_came_was_refused_listened_and_went_is_on_record_and_no_token_is()
    {
        var token = _suite.TokenFor("audited");
        await using (var socket = await SocketClient.ConnectAsync(_suite.SocketAddress($"/ws?token={token}")))
        {
            await socket.ReadUntilAsync("initial_state");
            await socket.SendAsync(JsonSerializer.Serialize(new { type = "subscribe", topics = new[] { "jobs" } }));
            await socket.ReadUntilAsync("subscription");
            await socket.CloseAsync();
        }

        await using var refused = await SocketClient.ConnectAsync(
            _suite.SocketAddress($"/ws?user_id=another&token={token}")
        );
        await refused.ReadToEndAsync();

        string[] expected = ["connect ", "subscribe ", "close ", "refuse User"];
        var log = await _suite.LogAsync(
            "gateway",
            text => expected.All(entry => Entries(text).Any(line => line.Contains(entry, StringComparison.Ordinal)))
        );
        Assert.DoesNotContain(token.Split('.')[2], log, StringComparison.Ordinal);

        static IEnumerable<string> Entries(string text) =>
            text.Split('\n').Where(line => line.Contains("audited", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_happy_run_logs_no_error()
    {
        using var api = await _suite.ApiAsAsync("user1");
        using var response = await api.GetAsync(new Uri("/api/tasks", UriKind.Relative));
        response.EnsureSuccessStatusCode();
        await using var socket = await _suite.ConnectAsync("happy");
        await socket.CloseAsync();

        var log = await _suite.LogAsync("gateway", text => text.Contains("happy closed", StringComparison.Ordinal));
        Assert.DoesNotContain("fail:", log, StringComparison.Ordinal);
        Assert.DoesNotContain("crit:", log, StringComparison.Ordinal);
    }
}
