using System.Net.WebSockets;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using RealtimeSuite.Authentication;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Dialects;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Bench.Micro;

/// <summary>
/// An event on its way from the channel to the queues of a thousand connections, and out of these again: time and allocation for each
/// delivery. What one event costs however many get it, reading and encoding, is by itself.
/// </summary>
public class FanOutBenchmark : MicroBenchmark
{
    private const string Channel = "topic:notifications";
    private const int Connections = 1000;

    private readonly ChannelHub _hub = new();
    private readonly List<Connection> _connections = [];
    private readonly ChannelEvent _event = new(
        Channel,
        "epoch",
        1,
        default,
        new CloudEvent
        {
            Id = "1",
            Source = "/bench",
            Type = "bench.measured",
            Audience = Channel,
            Data = JsonSerializer.SerializeToElement(new { text = new string('a', 180) }),
        },
        Place: null
    );
    private Frame _frame = null!;

    /// <summary>Connects them, and lets every queue grow to what it needs.</summary>
    [GlobalSetup]
    public void Connect()
    {
        var options = new GatewayOptions();
        for (var i = 0; i < Connections; i++)
        {
            var connection = new Connection(
                WebSocket.CreateFromStream(Stream.Null, isServer: true, null, Timeout.InfiniteTimeSpan),
                new Visitor(Surface.User, new Caller($"{i}", [], DateTimeOffset.MaxValue), "127.0.0.1", null, null),
                options,
                DateTimeOffset.UnixEpoch
            )
            {
                Topics = Topics.Untitled,
            };
            _hub.Add(Channel, connection);
            _connections.Add(connection);
        }

        _frame = Encode();
        Deliver();
    }

    /// <summary>Ends them.</summary>
    [GlobalCleanup]
    public void Disconnect() => _connections.ForEach(connection => connection.Dispose());

    /// <summary>For each delivery: queued by the hub, taken by the writer. Answers how many.</summary>
    [Benchmark(OperationsPerInvoke = Connections)]
    public int Deliver()
    {
        var queued = _hub.Publish(Channel, _frame, Topics.Untitled).Queued;
        foreach (var connection in _connections)
        {
            connection.Queue.TryTake(out _);
        }

        return queued;
    }

    /// <summary>For each event: its frame, that all connections share.</summary>
    [Benchmark]
    public object EncodeOnce() => Encode();

    private Frame Encode() =>
        DialectSet.Encode(
            DialectSet.For(_event.Event),
            _event,
            (SlowPolicy.Disconnect, null),
            FrameKind.Event,
            DateTimeOffset.UnixEpoch
        );
}
