using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>A well-behaved socket on each replica, which must not notice what others do there.</summary>
public sealed class Neighbours(SuiteFixture fixture) : IAsyncLifetime
{
    // Fewer than a connection may send at once, as tests ask faster than any client.
    private const int PingsPerConnection = 30;

    private SocketClient[] _sockets = [];
    private int _pings;

    public ValueTask InitializeAsync() => ConnectAsync();

    /// <summary>Each of them asks and is answered.</summary>
    public async Task AnswerAsync()
    {
        foreach (var socket in _sockets)
        {
            await socket.SendAsync("ping");
            await socket.ReadUntilAsync("pong");
        }

        if (++_pings % PingsPerConnection == 0)
        {
            await DisposeAsync();
            await ConnectAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var socket in _sockets)
        {
            await socket.CloseAsync();
            await socket.DisposeAsync();
        }
    }

    private async ValueTask ConnectAsync()
    {
        var userId = "neighbour-" + Guid.NewGuid().ToString("N");
        var (first, second) = await fixture.Suite.ConnectToBothReplicasAsync(userId);
        _sockets = [first, second];
    }
}
