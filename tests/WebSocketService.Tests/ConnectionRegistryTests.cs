using System.Net;
using System.Net.WebSockets;
using RealtimeSuite.Authentication;
using RealtimeSuite.Gateway.Connections;

namespace RealtimeSuite.Gateway.Tests;

public sealed class ConnectionRegistryTests : IDisposable
{
    private const int Lasting = 200;
    private const int Comings = 20_000;

    private readonly ConnectionRegistry _registry = new();
    private readonly WebSocket _socket = WebSocket.CreateFromStream(
        Stream.Null,
        isServer: true,
        subProtocol: null,
        Timeout.InfiniteTimeSpan
    );

    public void Dispose() => _socket.Dispose();

    [Fact]
    public void Places_that_become_free_are_used_again()
    {
        var connections = NewConnections(1_000);
        connections.ForEach(_registry.Add);
        var places = _registry.Places.Length;
        connections[..500].ForEach(_registry.Remove);
        connections[..500].ForEach(_registry.Remove);
        Assert.Equal(500, _registry.Count);
        Assert.Equal(connections[500..].Select(Id).Order(), _registry.All.Select(Id).Order());

        connections[..500].ForEach(_registry.Add);
        Assert.Equal(1_000, _registry.Count);
        Assert.Equal(places, _registry.Places.Length);
        Assert.Equal(connections.Select(Id).Order(), _registry.All.Select(Id).Order());
    }

    [Fact]
    public async Task Whoever_looks_sees_each_that_stays_once_while_others_come_and_go()
    {
        var lasting = NewConnections(Lasting);
        lasting.ForEach(_registry.Add);
        var coming = Task.WhenAll(
            Enumerable.Range(0, 4).Select(_ => Task.Run(ComeAndGo, TestContext.Current.CancellationToken))
        );
        var looks = 0;
        do
        {
            var seen = _registry.All.Select(Id).ToList();
            Assert.Equal(seen.Count, seen.Distinct().Count());
            Assert.Empty(lasting.Select(Id).Except(seen));
            looks++;
        } while (!coming.IsCompleted);

        await coming;
        Assert.Equal(Lasting, _registry.Count);
        Assert.Equal(lasting.Select(Id).Order(), _registry.All.Select(Id).Order());
        Assert.True(looks > 1, "it was looked at only once");
    }

    /// <summary>More and more at a time, so that the array grows meanwhile.</summary>
    private void ComeAndGo()
    {
        var here = new Queue<Connection>();
        for (var i = 0; i < Comings; i++)
        {
            var connection = NewConnection();
            _registry.Add(connection);
            here.Enqueue(connection);
            if (i % 3 > 0)
            {
                _registry.Remove(here.Dequeue());
            }
        }

        while (here.TryDequeue(out var last))
        {
            _registry.Remove(last);
        }
    }

    private List<Connection> NewConnections(int count) => [.. Enumerable.Range(0, count).Select(_ => NewConnection())];

    private Connection NewConnection() =>
        new(
            _socket,
            new Visitor(
                Surface.User,
                new Caller("42", [], DateTimeOffset.MaxValue),
                IPAddress.Loopback.ToString(),
                OrderId: null,
                Resume: null
            ),
            new GatewayOptions(),
            DateTimeOffset.UnixEpoch
        );

    private static string Id(Connection connection) => connection.ClientId;
}
