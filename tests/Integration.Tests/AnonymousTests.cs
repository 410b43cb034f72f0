using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>The first test of seed 001, <c>wscat -c "ws://localhost:8004/ws?user_id=test-user"</c>, which knows no tokens.</summary>
public sealed class AnonymousTests
{
    [Fact]
    public async Task A_developer_may_allow_sockets_without_a_token()
    {
        await using var suite = await Suite.StartAsync(
            withDashboard: false,
            TestContext.Current.CancellationToken,
            "--Gateway:AllowAnonymous=true"
        );
        await using var anonymous = await SocketClient.ConnectAsync(suite.SocketAddress("/ws?user_id=test-user"));
        Assert.Equal("test-user", (await anonymous.ReadUntilAsync("connected")).GetProperty("user_id").GetString());

        await using var nameless = await SocketClient.ConnectAsync(suite.SocketAddress("/ws"));
        Assert.Null(await nameless.ReadTextAsync());
        Assert.Equal(4001, nameless.CloseCode);

        await using var forged = await SocketClient.ConnectAsync(
            suite.SocketAddress("/ws?user_id=test-user&token=forged")
        );
        Assert.Null(await forged.ReadTextAsync());
        Assert.Equal(4001, forged.CloseCode);
    }
}
