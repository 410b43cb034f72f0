using System.Net.Sockets;

namespace Pipelines.Sockets.Unofficial;

public sealed partial class SocketConnection
{
    /// <summary>Socket to pipe, until the peer closes, the reader is completed, or something fails.</summary>
    private async Task ReceiveAllAsync()
    {
        Exception? error = null;
        try
        {
            TrySetShutdown(await ReceiveUntilEndAsync().ConfigureAwait(false));
        }
        catch (Exception failure)
        {
            error = Failed(
                failure,
                PipeShutdownKind.ReadSocketError,
                PipeShutdownKind.ReadDisposed,
                PipeShutdownKind.ReadIOException,
                PipeShutdownKind.ReadException
            );
        }

        _receive.Writer.Complete(error);
    }

    private async ValueTask<PipeShutdownKind> ReceiveUntilEndAsync()
    {
        var writer = _receive.Writer;
        var buffer = new ReceiveBuffer();
        var waitsWithoutBuffer = (_options & SocketConnectionOptions.ZeroLengthReads) != 0;
        while (true)
        {
            if (waitsWithoutBuffer && _socket.Available == 0)
            {
                await _socket.ReceiveAsync(Memory<byte>.Empty, SocketFlags.None).ConfigureAwait(false);
            }

            var received = await _socket.ReceiveAsync(buffer.Take(writer), SocketFlags.None).ConfigureAwait(false);
            Volatile.Write(ref _lastReceived, received);
            if (received == 0)
            {
                return PipeShutdownKind.ReadEndOfStream;
            }

            buffer.Observe(received);
            Volatile.Write(ref _bytesRead, _bytesRead + received);
            writer.Advance(received);
            var flush = await writer.FlushAsync().ConfigureAwait(false);
            if (flush.IsCompleted)
            {
                return PipeShutdownKind.ReadFlushCompleted;
            }
        }
    }
}
