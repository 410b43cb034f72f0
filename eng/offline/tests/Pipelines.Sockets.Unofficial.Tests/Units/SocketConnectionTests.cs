using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Pipelines.Sockets.Unofficial.Tests.Units;

/// <summary>A connection against a plain socket on the loopback address.</summary>
public sealed partial class SocketConnectionTests : IAsyncLifetime
{
    private readonly Socket _client = new(SocketType.Stream, ProtocolType.Tcp);
    private Socket _peer = null!;

    public async Task InitializeAsync()
    {
        using var listener = new Socket(SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        await _client.ConnectAsync(listener.LocalEndPoint!);
        _peer = await listener.AcceptAsync();
    }

    public Task DisposeAsync()
    {
        _client.Dispose();
        _peer.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task Bytes_go_both_ways_and_are_counted()
    {
        using var connection = Connect();
        Assert.Equal(-1, connection.LastReceived);

        await connection.Output.WriteAsync("request"u8.ToArray());
        Assert.Equal("request"u8.ToArray(), await ReadFromPeerAsync(7));
        await _peer.SendAsync("reply"u8.ToArray());
        Assert.Equal("reply"u8.ToArray(), await ReadAsync(connection, 5));

        // The peer may have what was sent before that is counted.
        IMeasuredDuplexPipe measured = connection;
        await Eventually.Becomes(() => connection.BytesSent == 7, "the request is counted");
        Assert.Equal((7, 5), (connection.BytesSent, connection.BytesRead));
        Assert.Equal((7, 5), (measured.TotalBytesSent, measured.TotalBytesReceived));
        Assert.Equal(5, connection.LastReceived);
        Assert.Equal(PipeShutdownKind.None, connection.ShutdownKind);
        Assert.Equal("a name", connection.ToString());
    }

    [Theory]
    [InlineData(SocketConnectionOptions.None)]
    [InlineData(SocketConnectionOptions.ZeroLengthReads)]
    public async Task Ten_megabytes_each_way_at_once_arrive_byte_for_byte(SocketConnectionOptions options)
    {
        using var connection = Connect(options: options);
        var data = RandomNumberGenerator.GetBytes(10_000_000);

        var sent = connection.Output.WriteAsync(data).AsTask();
        var peerSent = SendFromPeerAsync(data);
        var peerReceived = ReadFromPeerAsync(data.Length);
        var received = ReadAsync(connection, data.Length);

        await Task.WhenAll(sent, peerSent).InTime("sending");
        AssertSame(data, await peerReceived.InTime("the peer's receiving"));
        AssertSame(data, await received.InTime("receiving"));
    }

    [Fact]
    public async Task Memory_that_is_no_array_is_sent_as_well()
    {
        using var pool = new NativePool();
        using var connection = Connect(send: new PipeOptions(pool));
        var data = RandomNumberGenerator.GetBytes(100_000);

        var sent = connection.Output.WriteAsync(data).AsTask();

        AssertSame(data, await ReadFromPeerAsync(data.Length).InTime("receiving"));
        await sent.InTime("sending");
    }

    [Fact]
    public async Task A_reader_that_does_not_read_holds_back_the_peer()
    {
        using var connection = Connect(
            receive: new PipeOptions(pauseWriterThreshold: 100_000, resumeWriterThreshold: 50_000)
        );
        var data = RandomNumberGenerator.GetBytes(20_000_000);

        var sending = SendFromPeerAsync(data);
        await Eventually.Becomes(() => connection.GetCounters().BytesWaitingToBeRead >= 100_000, "the pipe is full");
        await Eventually.Becomes(() => connection.GetCounters().BytesAvailableOnSocket > 0, "the socket fills up");

        Assert.False(sending.IsCompleted);
        Assert.InRange(connection.GetCounters().BytesWaitingToBeRead, 100_000, 1_000_000);
        AssertSame(data, await ReadAsync(connection, data.Length).InTime("reading it all"));
        await sending.InTime("sending");
    }

    [Fact]
    public async Task A_peer_that_does_not_read_holds_back_the_writer_who_may_give_up()
    {
        using var connection = Connect(
            send: new PipeOptions(pauseWriterThreshold: 100_000, resumeWriterThreshold: 50_000)
        );
        using var patience = new CancellationTokenSource();
        const int Total = 20_000_000; // more than the system buffers

        var flush = connection.Output.WriteAsync(new byte[Total], patience.Token).AsTask();
        await Eventually.Becomes(() => connection.BytesSent > 0, "the send loop is busy");
        Assert.False(flush.IsCompleted);
        await patience.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => flush.InTime("the cancelled flush"));
        Assert.Equal(Total, (await ReadFromPeerAsync(Total).InTime("reading it all")).Length);
        await connection.Output.WriteAsync("more"u8.ToArray()).AsTask().InTime("a flush after that");
        Assert.Equal("more"u8.ToArray(), await ReadFromPeerAsync(4));
    }

    [Fact]
    public void Client_sockets_send_at_once_and_probe_quickly()
    {
        SocketConnection.SetRecommendedClientOptions(_client);
        SocketConnection.AssertDependencies();

        Assert.True(_client.NoDelay);
        Assert.Equal(30, (int)_client.GetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime)!);
        Assert.Equal(0, (int)_client.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.KeepAlive)!);
        using var unix = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        SocketConnection.SetRecommendedClientOptions(unix);
    }

    /// <summary>Without printing megabytes when it fails.</summary>
    private static void AssertSame(byte[] expected, byte[] actual) =>
        Assert.True(expected.AsSpan().SequenceEqual(actual));

    private SocketConnection Connect(
        PipeOptions? send = null,
        PipeOptions? receive = null,
        SocketConnectionOptions options = SocketConnectionOptions.None
    ) => SocketConnection.Create(_client, send, receive, options, "a name");

    private static async Task<byte[]> ReadAsync(SocketConnection connection, int count)
    {
        var read = await connection.Input.ReadAtLeastAsync(0).AsTask().InTime("some data");
        var data = new ArrayBufferWriter<byte>(count);
        while (true)
        {
            foreach (var segment in read.Buffer)
            {
                data.Write(segment.Span);
            }

            connection.Input.AdvanceTo(read.Buffer.End);
            if (data.WrittenCount >= count || read.IsCompleted)
            {
                return data.WrittenSpan.ToArray();
            }

            read = await connection.Input.ReadAsync().AsTask().InTime("more data");
        }
    }

    private async Task<byte[]> ReadFromPeerAsync(int count)
    {
        var data = new byte[count];
        for (var filled = 0; filled < count; )
        {
            var received = await _peer.ReceiveAsync(data.AsMemory(filled));
            Assert.NotEqual(0, received);
            filled += received;
        }

        return data;
    }

    private async Task SendFromPeerAsync(ReadOnlyMemory<byte> data)
    {
        while (!data.IsEmpty)
        {
            data = data[await _peer.SendAsync(data)..];
        }
    }
}
