using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Pipelines.Sockets.Unofficial.Tests.Units;

/// <summary>A duplex pipe over a network stream, against another network stream.</summary>
public sealed class StreamConnectionTests : IAsyncLifetime
{
    private NetworkStream _stream = null!;
    private NetworkStream _peer = null!;

    public async Task InitializeAsync()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(listener.LocalEndpoint);
        _stream = new NetworkStream(client, ownsSocket: true);
        _peer = new NetworkStream(await listener.AcceptSocketAsync(), ownsSocket: true);
    }

    public async Task DisposeAsync()
    {
        await _stream.DisposeAsync();
        await _peer.DisposeAsync();
    }

    [Fact]
    public async Task Megabytes_each_way_at_once_arrive_byte_for_byte_and_are_counted()
    {
        var pipe = StreamConnection.GetDuplex(_stream, null, null, "a name");
        var data = RandomNumberGenerator.GetBytes(3_000_000);
        var received = new byte[data.Length];

        var sent = pipe.Output.WriteAsync(data).AsTask();
        var peerSent = _peer.WriteAsync(data).AsTask();
        var peerReceived = _peer.ReadExactlyAsync(received).AsTask();
        var input = new byte[data.Length];
        var ownReceived = pipe.Input.AsStream().ReadExactlyAsync(input).AsTask();

        await Task.WhenAll(sent, peerSent, peerReceived, ownReceived).InTime("both directions");
        Assert.True(data.AsSpan().SequenceEqual(received));
        Assert.True(data.AsSpan().SequenceEqual(input));
        var measured = Assert.IsAssignableFrom<IMeasuredDuplexPipe>(pipe);
        Assert.Equal(data.Length, measured.TotalBytesReceived);
        await Eventually.Becomes(() => measured.TotalBytesSent == data.Length, "all is counted");
        Assert.Equal("a name", pipe.ToString());
    }

    [Fact]
    public async Task The_end_of_the_stream_ends_the_input()
    {
        var pipe = StreamConnection.GetDuplex(_stream, null, null);

        await _peer.DisposeAsync();

        Assert.True((await pipe.Input.ReadAsync().AsTask().InTime("the end")).IsCompleted);
    }

    [Fact]
    public async Task A_reset_inside_the_stream_is_told_as_a_reset()
    {
        var pipe = StreamConnection.GetDuplex(_stream, null, null);

        _peer.Socket.LingerState = new LingerOption(enable: true, seconds: 0);
        _peer.Socket.Close(); // disposing the stream would say goodbye first

        await Assert.ThrowsAsync<ConnectionResetException>(() => pipe.Input.ReadAsync().AsTask().InTime("the failure"));
    }

    [Fact]
    public async Task Disposal_ends_a_pending_read_without_error_and_disposes_the_stream()
    {
        var pipe = StreamConnection.GetDuplex(_stream, null, null);
        var read = pipe.Input.ReadAsync().AsTask();

        ((IDisposable)pipe).Dispose();

        Assert.True((await read.InTime("the pending read")).IsCompleted);
        Assert.False(_stream.CanRead);
    }

    [Fact]
    public async Task Completing_the_input_does_not_disturb_the_output()
    {
        var pipe = StreamConnection.GetDuplex(_stream, null, null);

        pipe.Input.Complete();
        await pipe.Output.WriteAsync("still sent"u8.ToArray());

        var received = new byte[10];
        await _peer.ReadExactlyAsync(received).AsTask().InTime("the data");
        Assert.Equal("still sent"u8.ToArray(), received);
    }

    [Fact]
    public async Task A_reader_gives_a_whole_stream()
    {
        var data = RandomNumberGenerator.GetBytes(100_000);
        var reader = StreamConnection.GetReader(new MemoryStream(data));

        var read = await reader.ReadAtLeastAsync(data.Length + 1);

        Assert.True(read.IsCompleted);
        Assert.Equal(data, read.Buffer.ToArray());
        await reader.CompleteAsync();
    }

    [Fact]
    public void A_stream_that_cannot_be_written_is_refused() =>
        Assert.Throws<ArgumentException>(() =>
            StreamConnection.GetDuplex(new MemoryStream([], writable: false), null, null)
        );
}
