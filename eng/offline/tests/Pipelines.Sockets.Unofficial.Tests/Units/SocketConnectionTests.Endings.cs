using System.Net.Sockets;

namespace Pipelines.Sockets.Unofficial.Tests.Units;

/// <summary>The ways in which a connection ends.</summary>
public sealed partial class SocketConnectionTests
{
    [Fact]
    public async Task An_orderly_close_by_the_peer_ends_the_input()
    {
        using var connection = Connect();
        await _peer.SendAsync("last words"u8.ToArray());
        _peer.Shutdown(SocketShutdown.Both);

        Assert.Equal("last words"u8.ToArray(), await ReadAsync(connection, 10));
        Assert.True((await connection.Input.ReadAsync().AsTask().InTime("the end of the input")).IsCompleted);
        Assert.Equal(PipeShutdownKind.ReadEndOfStream, connection.ShutdownKind);
        Assert.Equal(0, connection.LastReceived);
    }

    [Fact]
    public async Task A_reset_by_the_peer_fails_reader_and_writer()
    {
        using var connection = Connect();
        _peer.LingerState = new LingerOption(enable: true, seconds: 0);
        _peer.Close();

        await Assert.ThrowsAsync<ConnectionResetException>(() =>
            connection.Input.ReadAsync().AsTask().InTime("the reader's failure")
        );
        await Eventually.Becomes(
            async () =>
                await Record.ExceptionAsync(() => connection.Output.WriteAsync(new byte[1]).AsTask())
                is ConnectionResetException,
            "the writer fails"
        );
        Assert.Equal(PipeShutdownKind.ReadSocketError, connection.ShutdownKind);
        Assert.Equal(SocketError.ConnectionReset, connection.SocketError);
    }

    [Fact]
    public async Task Disposal_ends_a_pending_read_and_a_pending_flush_without_error()
    {
        var connection = Connect();
        var read = connection.Input.ReadAsync().AsTask();
        var flush = connection.Output.WriteAsync(new byte[20_000_000]).AsTask(); // nobody receives
        await Eventually.Becomes(() => connection.GetCounters().BytesWaitingToBeSent > 0, "the send loop waits");
        Assert.False(flush.IsCompleted);

        connection.Dispose();

        Assert.True((await read.InTime("the pending read")).IsCompleted);
        Assert.True((await flush.InTime("the pending flush")).IsCompleted);
        Assert.Equal(PipeShutdownKind.PipeDisposed, connection.ShutdownKind);
        Assert.Equal(0, connection.GetCounters().BytesAvailableOnSocket);
    }

    [Fact]
    public async Task Completing_the_input_stops_receiving()
    {
        using var connection = Connect();

        connection.Input.Complete();

        Assert.Equal(PipeShutdownKind.InputReaderCompleted, connection.ShutdownKind);
        await Eventually.Becomes(() => connection.LastReceived == 0, "the receive loop ends");
    }

    [Fact]
    public async Task Completing_the_output_sends_everything_and_leaves_the_input_open()
    {
        using var connection = Connect();
        var flush = connection.Output.WriteAsync(new byte[1_000_000]).AsTask();
        var received = ReadFromPeerAsync(1_000_000);
        await flush.InTime("the flush");

        connection.Output.Complete();

        Assert.Equal(1_000_000, (await received.InTime("the data")).Length);
        Assert.Equal(0, await _peer.ReceiveAsync(new byte[1]).InTime("the end"));
        await _peer.SendAsync("still open"u8.ToArray());
        Assert.Equal("still open"u8.ToArray(), await ReadAsync(connection, 10));
        Assert.Equal(PipeShutdownKind.OutputWriterCompleted, connection.ShutdownKind);
    }

    [Fact]
    public void Only_the_first_reason_for_the_end_is_kept_and_only_the_protocol_may_set_its_own()
    {
        using var connection = Connect();

        Assert.False(connection.TrySetProtocolShutdown(PipeShutdownKind.ReadEndOfStream));
        Assert.True(connection.TrySetProtocolShutdown(PipeShutdownKind.ProtocolExitClient));
        Assert.False(connection.TrySetProtocolShutdown(PipeShutdownKind.ProtocolExitServer));
        connection.Dispose();
        Assert.Equal(PipeShutdownKind.ProtocolExitClient, connection.ShutdownKind);
    }
}
