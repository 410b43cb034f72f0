using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.Options;
using RealtimeSuite.Authentication;
using RealtimeSuite.Gateway;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Transport;

namespace RealtimeSuite.Bench.Micro;

/// <summary>
/// A frame on its way from the hub into the sockets, over loopback: queued, taken and given to the operating system, as the thread that
/// reads from Redis does it for few sockets and the send loop for many. Time and allocation for each delivery, the client's read included.
/// </summary>
public class SocketBenchmark : MicroBenchmark, IDisposable
{
    private const string Channel = "topic:notifications";
    private const int Sockets = 16;

    private readonly ChannelHub _hub = new();
    private readonly SendRound _round = new();
    private readonly List<Connection> _connections = [];
    private readonly List<Socket> _clients = [];
    private readonly byte[] _buffer = new byte[64 * 1024];
    private readonly Frame _frame = new(new byte[400]) { Kind = FrameKind.Event };
    private SendLoops _loops = null!;

    /// <summary>Connects them, and lets each take its greeting.</summary>
    [GlobalSetup]
    public void Connect()
    {
        var options = new GatewayOptions { SendLoops = 1 };
        _loops = new SendLoops(Options.Create(options), TimeProvider.System);
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        for (var i = 0; i < Sockets; i++)
        {
            var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
            client.Connect(listener.LocalEndPoint!);
            var accepted = listener.Accept();
            accepted.Blocking = false;
            var direct = new DirectSocket(accepted, new ReadSignal(accepted), _loops.Next(), TimeProvider.System);
            var stream = new DirectStream(direct, ReadOnlyMemory<byte>.Empty);
            var connection = new Connection(
                WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true }),
                new Visitor(Surface.User, new Caller($"{i}", [], DateTimeOffset.MaxValue), "127.0.0.1", null, null),
                options,
                DateTimeOffset.UnixEpoch,
                direct
            )
            {
                Topics = Topics.Untitled,
            };
            new ConnectionWriter(connection, options).Start([_frame]);
            Receive(client, _frame.Wire.Length);
            _hub.Add(Channel, connection);
            _connections.Add(connection);
            _clients.Add(client);
        }
    }

    /// <summary>Ends them.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _clients.ForEach(client => client.Dispose());
        _connections.ForEach(connection => connection.Direct!.Dispose());
        _loops.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>For each delivery: queued, written to its socket, and read by its client. Answers how many.</summary>
    [Benchmark(OperationsPerInvoke = Sockets)]
    public int Write()
    {
        _round.Begin();
        var queued = _hub.Publish(Channel, _frame, Topics.Untitled).Queued;
        _round.End();
        foreach (var client in _clients)
        {
            Receive(client, _frame.Wire.Length);
        }

        return queued;
    }

    /// <summary>All of it must come, or this waits for ever.</summary>
    private void Receive(Socket client, int length)
    {
        for (var received = 0; received < length; )
        {
            received += client.Receive(_buffer.AsSpan(0, length - received));
        }
    }
}
