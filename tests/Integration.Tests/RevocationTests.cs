using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>Tickets and revocation, at the sockets.</summary>
public sealed class RevocationTests(SuiteFixture fixture)
{
    // The contract says a second; the machine may be busy with others. Revocations are looked for much less often: they are told.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task A_ticket_opens_one_socket_and_no_second_whichever_replica_is_asked()
    {
        using var api = await _suite.ApiAsAsync("user1");
        using var response = await api.PostAsync(new Uri("/auth/ticket", UriKind.Relative), null);
        var ticket = (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ticket").GetString();
        var address = _suite.SocketAddress($"/ws?ticket={ticket}");

        await using var first = await SocketClient.ConnectAsync(address);
        Assert.Equal("user1", (await first.ReadUntilAsync("connected")).GetProperty("user_id").GetString());
        for (var i = 0; i < 4; i++)
        {
            await using var again = await SocketClient.ConnectAsync(address);
            Assert.Null(await again.ReadTextAsync());
            Assert.Equal(4001, again.CloseCode);
        }
    }

    [Fact]
    public async Task Revoking_a_user_closes_all_sockets_on_both_replicas_at_once()
    {
        var (first, second) = await _suite.ConnectToBothReplicasAsync("revoked-user");
        await using var firstSocket = first;
        await using var secondSocket = second;
        await using var neighbour = await _suite.ConnectAsync("revoked-neighbour");
        var token = _suite.TokenFor("revoked-user");

        using var api = await _suite.ApiAsAsync("admin1", "admin123");
        var started = Stopwatch.GetTimestamp();
        using var answer = await api.PostAsJsonAsync("/auth/revoke", new { user_id = "revoked-user" });
        Assert.Equal(HttpStatusCode.NoContent, answer.StatusCode);
        await Task.WhenAll(first.ReadToEndAsync(), second.ReadToEndAsync());

        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, AtOnce);
        Assert.Equal((4001, 4001), (first.CloseCode, second.CloseCode));

        await using var late = await SocketClient.ConnectAsync(_suite.SocketAddress($"/ws?token={token}"));
        Assert.Null(await late.ReadTextAsync());
        Assert.Equal(4001, late.CloseCode);
        await neighbour.SendAsync("ping");
        Assert.Equal("pong", (await neighbour.ReadAsync()).GetProperty("type").GetString());
    }
}
