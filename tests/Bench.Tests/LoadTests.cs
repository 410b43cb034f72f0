using RealtimeSuite.Bench.Measuring;
using RealtimeSuite.Bench.Publishing;
using RealtimeSuite.Bench.Servers;
using RealtimeSuite.Bench.Sockets;

namespace RealtimeSuite.Bench.Tests;

/// <summary>A second of load on real servers: what the load program counts is what was published.</summary>
public sealed class LoadTests : IAsyncLifetime
{
    private const int Sockets = 4;
    private const int Rate = 40;

    private static readonly TimeSpan Second = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private Backing _backing = null!;

    public async ValueTask InitializeAsync() => _backing = await Backing.StartAsync();

    public ValueTask DisposeAsync() => _backing.DisposeAsync();

    [Theory]
    [InlineData("gateway")]
    [InlineData("raw")]
    [InlineData("signalr")]
    public async Task Every_event_arrives_at_every_socket_once_and_in_order(string name)
    {
        await using var server = ServerNames.New(name, _backing);
        await server.StartAsync();
        using var crowd = new Crowd(server.Port, server.Greeting, Sockets);
        crowd.Connect(Patience);
        Assert.Equal((Sockets, 0), (crowd.Readers, crowd.Failures));

        using var publisher = new Publisher(server.PublishPort, server.ToAll(200));
        await ListeningAsync(crowd, publisher);
        var delivery = Delivery.Measure(server, crowd, publisher, Rate, Second, Sockets, Patience);

        Assert.Equal((Rate * Sockets, 0, 0), (delivery.Count, delivery.Lost, delivery.Disordered));
        Assert.InRange(delivery.P50, double.Epsilon, delivery.P99);
        Assert.InRange(delivery.P99, delivery.P50, delivery.Max);
        Assert.InRange(delivery.FrameBytes, 200, 1000);
        Assert.True(ProcessTree.ResidentKilobytes(server.ProcessId) > 10_000);
        Assert.True(ProcessTree.CpuSeconds(server.ProcessId) > 0);
    }

    [Fact]
    public async Task An_event_for_a_user_arrives_at_that_users_socket_alone()
    {
        await using var server = ServerNames.New("gateway", _backing);
        await server.StartAsync();
        using var crowd = new Crowd(server.Port, server.Greeting, Sockets);
        crowd.Connect(Patience);

        using var publisher = new Publisher(server.PublishPort, server.ToUser(200), Sockets);
        var delivery = Delivery.Measure(server, crowd, publisher, Rate, Second, receivers: 1, Patience);

        Assert.Equal((Rate, 0, 0), (delivery.Count, delivery.Lost, delivery.Disordered));
    }

    [Fact]
    public async Task Sockets_that_were_cut_come_back_for_what_they_missed()
    {
        await using var server = ServerNames.New("gateway", _backing);
        await server.StartAsync();
        using var crowd = new Crowd(server.Port, server.Greeting, Sockets);
        crowd.Connect(Patience);
        using var publisher = server.Lasting(200);
        await publisher.PublishAsync(Rate, 1);
        Assert.True(crowd.ReadUntil(() => crowd.Tally.Events == Sockets, Patience));
        await server.PrepareReturnAsync(crowd);

        crowd.Drop();
        Assert.Equal(0, crowd.Open);
        await publisher.PublishAsync(Rate, 5);
        crowd.Connect(Patience);

        Assert.True(crowd.ReadUntil(() => crowd.Tally.Events == 6 * Sockets, Patience));
        Assert.Equal((0, 0, 0), (crowd.Failures, crowd.Tally.Gaps, crowd.Tally.Duplicates));
    }

    /// <summary>
    /// A plain server takes a socket before it has subscribed it: publishes until something arrives everywhere. That is the newest event, behind
    /// which none of the others comes.
    /// </summary>
    private static async Task ListeningAsync(Crowd crowd, Publisher publisher)
    {
        for (var number = 1; number <= 30; number++)
        {
            await publisher.PublishAsync(Rate, 1);
            if (crowd.ReadUntil(() => crowd.Reached == number, Second))
            {
                return;
            }
        }

        Assert.Fail("Nothing arrives.");
    }
}
