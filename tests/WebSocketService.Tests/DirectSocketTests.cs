using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Text;
using Microsoft.Extensions.Options;
using RealtimeSuite.Authentication;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Transport;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Gateway.Tests;

/// <summary>Real sockets that are written to by a send loop and by who queues, while their clients ping and others close them.</summary>
public sealed class DirectSocketTests : IDisposable
{
    private const int Sockets = 50;
    private const int EventsEach = 20_000;
    private const int PingsEach = 500;

    // Nobody is cut off for a machine that is slow.
    private readonly GatewayOptions _options = new()
    {
        MaxQueueBytes = int.MaxValue,
        CloseTimeout = TimeSpan.FromMinutes(2),
    };
    private readonly SendLoops _loops;
    private readonly Socket _listener = new(SocketType.Stream, ProtocolType.Tcp);

    public DirectSocketTests()
    {
        _loops = new SendLoops(Options.Create(_options), TimeProvider.System);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
    }

    [Fact]
    public async Task A_million_frames_among_pings_and_closes_arrive_whole_and_in_order()
    {
        var served = await Task.WhenAll(Enumerable.Range(0, Sockets).Select(_ => ConnectAsync()));
        var readers = served.Select(one => new FrameReader(one.Client)).ToArray();
        var reading = readers.Select(reader => reader.ReadToEndAsync()).ToArray();
        var pinging = served.Select(one => PingAsync(one.Client)).ToArray();
        var publishing = Task.Run(() =>
        {
            var round = new SendRound();
            for (var number = 0; number < EventsEach; number++)
            {
                // In rounds of one to twenty sockets: some are written here, some by the loop, some by whoever comes first.
                var frame = EventOf(number);
                foreach (var some in served.Chunk(1 + (number % 20)))
                {
                    round.Begin();
                    Array.ForEach(some, one => one.Connection.Deliver(frame, isBacklog: false));
                    round.End();
                }

                if (number == EventsEach / 2)
                {
                    // In the middle of it all: one closed by the server, one torn down by its client.
                    served[0].Connection.Close(DisconnectReason.Restarting);
                    served[1].Client.Close(timeout: 0);
                }
            }
        });

        // That a client has gone is why its connection ends, not what comes later.
        await Task.WhenAll([publishing, served[1].Reading, .. pinging]);
        await Eventually.TrueAsync(
            () => readers.Skip(2).All(reader => reader.Pongs == PingsEach || reader.Broken is not null),
            "every ping is answered",
            TimeSpan.FromMinutes(2)
        );
        foreach (var one in served)
        {
            one.Connection.Close(DisconnectReason.Restarting);
        }

        await Task.WhenAll([.. reading, .. served.SelectMany(one => new[] { one.Writing, one.Reading })]);
        Assert.All(readers, reader => Assert.Null(reader.Broken));
        Assert.Equal((EventsEach / 2) + 1, readers[0].Events);
        Assert.Equal(DisconnectReason.PeerGone, served[1].Connection.Reason);
        for (var i = 2; i < Sockets; i++)
        {
            Assert.Equal((EventsEach, PingsEach, 1012), (readers[i].Events, readers[i].Pongs, readers[i].CloseCode));
            Assert.Equal(0, readers[i].Left);
            Assert.Equal((EventsEach, 0), (served[i].Connection.Delivered, served[i].Connection.WaitingEvents));
        }
    }

    [Fact]
    public async Task A_peer_that_takes_nothing_is_cut_off_and_what_it_did_not_get_is_known()
    {
        _options.MaxQueueBytes = 1024 * 1024;
        _options.CloseTimeout = TimeSpan.FromMilliseconds(300);
        var served = await ConnectAsync();
        var connection = served.Connection;
        var frame = new Frame(new byte[100_000]) { Kind = FrameKind.Event };
        var offered = 0;
        while (served.TakesMore)
        {
            Assert.Equal(EnqueueResult.Added, connection.Deliver(frame, isBacklog: false));
            offered++;
            await Eventually.TrueAsync(() => connection.Queue.IsEmpty || !served.TakesMore, "the kernel has it");
        }

        EnqueueResult result;
        while ((result = connection.Deliver(frame, isBacklog: false)) == EnqueueResult.Added)
        {
            offered++;
        }

        Assert.Equal(EnqueueResult.Full, result);
        await served.Writing;
        served.Client.Dispose();
        await served.Reading;

        // The write that was under way has failed by then.
        await connection.Direct!.FinishAsync();
        Assert.Equal(DisconnectReason.SlowConsumer, connection.Reason);
        Assert.Equal(offered, connection.Delivered + connection.Abandon());
    }

    public void Dispose()
    {
        _listener.Dispose();
        _loops.Dispose();
    }

    /// <summary>A client, and a connection that serves it as the gateway does.</summary>
    private async Task<Served> ConnectAsync()
    {
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        var accepting = _listener.AcceptAsync();
        await client.ConnectAsync(_listener.LocalEndPoint!);
        var accepted = await accepting;
        accepted.Blocking = false;
        var direct = new DirectSocket(accepted, new ReadSignal(accepted), _loops.Next(), TimeProvider.System);
        var stream = new DirectStream(direct, ReadOnlyMemory<byte>.Empty);
        var socket = WebSocket.CreateFromStream(stream, new WebSocketCreationOptions { IsServer = true });
        var caller = new Caller("user", [], DateTimeOffset.MaxValue);
        var connection = new Connection(
            socket,
            new Visitor(Surface.User, caller, "127.0.0.1", OrderId: null, Resume: null),
            _options,
            DateTimeOffset.UnixEpoch,
            direct
        );
        var writer = new ConnectionWriter(connection, _options);
        writer.Start([new Frame("greeting"u8)]);
        return new Served(connection, client, accepted, WriteToEndAsync(writer), ReadAsync(connection));
    }

    private static async Task WriteToEndAsync(ConnectionWriter writer)
    {
        await writer.Closing;
        await writer.EndAsync();
    }

    /// <summary>Reads as the gateway does: the framework answers pings meanwhile.</summary>
    private static async Task ReadAsync(Connection connection)
    {
        try
        {
            while (
                (await connection.Socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None)).MessageType
                != WebSocketMessageType.Close
            ) { }
        }
        catch (Exception exception)
            when (exception
                    is WebSocketException
                        or IOException
                        or ObjectDisposedException
                        or OperationCanceledException
            )
        {
            connection.Close(DisconnectReason.PeerGone);
        }
    }

    private static async Task PingAsync(Socket client)
    {
        try
        {
            for (var number = 0; number < PingsEach; number++)
            {
                await client.SendAsync(new RawFrame(9, BitConverter.GetBytes(number)).ToBytes());
                await Task.Yield();
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // Closed in the middle.
        }
    }

    /// <summary>Of several lengths, so that every form of the header, and batches of many and of one, are met.</summary>
    private static Frame EventOf(int number) =>
        new(Encoding.ASCII.GetBytes($"{number:D8}{new string('x', number % 997 == 0 ? 70_000 : number % 300)}"))
        {
            Kind = FrameKind.Event,
        };

    private sealed record Served(Connection Connection, Socket Client, Socket Accepted, Task Writing, Task Reading)
    {
        /// <summary>Whether the kernel has room for what is written.</summary>
        public bool TakesMore => Accepted.Poll(0, SelectMode.SelectWrite);
    }

    /// <summary>A client that trusts nothing: every bit of every frame must be as it should.</summary>
    private sealed class FrameReader(Socket client)
    {
        private const int Ending = 2;

        private readonly byte[] _buffer = new byte[256 * 1024];
        private int _start;
        private int _end;
        private int _lastPong = -1;
        private bool _isGreeted;

        public int Events { get; private set; }

        public int Pongs { get; private set; }

        public int CloseCode { get; private set; }

        /// <summary>What was wrong; null for nothing.</summary>
        public string? Broken { get; private set; }

        /// <summary>Bytes behind the close frame.</summary>
        public int Left => _end - _start;

        public async Task ReadToEndAsync()
        {
            try
            {
                while (Broken is null && CloseCode == 0 && await FillAsync(Ending))
                {
                    await ReadFrameAsync();
                }
            }
            catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
            {
                // Torn down.
            }

            client.Dispose();
        }

        private async Task ReadFrameAsync()
        {
            var (opcode, marker) = (_buffer[_start], (int)_buffer[_start + 1]);
            var extended = marker switch
            {
                126 => 2,
                127 => 8,
                _ => 0,
            };
            await FillAsync(Ending + extended);
            var length = extended switch
            {
                2 => BinaryPrimitives.ReadUInt16BigEndian(_buffer.AsSpan(_start + 2)),
                8 => (int)BinaryPrimitives.ReadUInt64BigEndian(_buffer.AsSpan(_start + 2)),
                _ => marker,
            };
            if (length > _buffer.Length / 2 || !await FillAsync(Ending + extended + length))
            {
                Broken ??= $"a frame of {length} bytes with the opcode {opcode:x}";
                return;
            }

            Check(opcode, _buffer.AsSpan(_start + Ending + extended, length));
            _start += Ending + extended + length;
        }

        private void Check(byte opcode, ReadOnlySpan<byte> payload)
        {
            Broken = (opcode, _isGreeted) switch
            {
                (0x81, false) => payload.SequenceEqual("greeting"u8) ? null : "another greeting",
                (0x81, true) => payload.SequenceEqual(EventOf(Events).Payload.Span) ? null : $"not the event {Events}",
                (0x8a, _) => BitConverter.ToInt32(payload) > _lastPong ? null : $"a pong after that of {_lastPong}",
                (0x88, _) => null,
                _ => $"the opcode {opcode:x}",
            };
            _ = opcode switch
            {
                0x8a => Pong(BitConverter.ToInt32(payload)),
                0x88 => CloseCode = BinaryPrimitives.ReadUInt16BigEndian(payload),
                _ when _isGreeted => Events++,
                _ => 0,
            };
            _isGreeted |= opcode == 0x81;
        }

        private int Pong(int number)
        {
            _lastPong = number;
            return ++Pongs;
        }

        private async ValueTask<bool> FillAsync(int count)
        {
            while (_end - _start < count)
            {
                if (_start > 0)
                {
                    _buffer.AsSpan(_start, _end - _start).CopyTo(_buffer);
                    (_start, _end) = (0, _end - _start);
                }

                var read = await client.ReceiveAsync(_buffer.AsMemory(_end));
                if (read == 0)
                {
                    return false;
                }

                _end += read;
            }

            return true;
        }
    }
}
