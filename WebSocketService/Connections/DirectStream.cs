using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>
/// What the framework's WebSocket reads from and writes to: the socket. What it writes, whole control frames, one a call, goes the way of all
/// frames while the <see cref="DirectSocket"/> is in charge.
/// </summary>
/// <param name="direct">The socket.</param>
/// <param name="early">What was read of it already.</param>
internal sealed class DirectStream(DirectSocket direct, ReadOnlyMemory<byte> early) : Stream
{
    private const int OpcodeBits = 0x0f;
    private const int CloseFrame = 0x8;

    private ReadOnlyMemory<byte> _early = early;

    public override bool CanRead => true;

    public override bool CanWrite => true;

    public override bool CanSeek => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    /// <remarks>The token is not looked at: closing the socket is what ends a read.</remarks>
    public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (_early.IsEmpty)
        {
            return direct.ReceiveAsync(buffer);
        }

        var length = Math.Min(_early.Length, buffer.Length);
        _early[..length].CopyTo(buffer);
        _early = _early[length..];
        return ValueTask.FromResult(length);
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        if (direct.Connection is not { } connection)
        {
            return direct.SendAsync(buffer, cancellationToken);
        }

        if ((buffer.Span[0] & OpcodeBits) == CloseFrame)
        {
            return CloseAsync(connection, buffer, cancellationToken);
        }

        connection.Enqueue(Frame.OfWire(buffer.ToArray()));
        return ValueTask.CompletedTask;
    }

    /// <summary>Nothing may follow a close frame, and nothing that waits is left out for it.</summary>
    private async ValueTask CloseAsync(
        Connection connection,
        ReadOnlyMemory<byte> frame,
        CancellationToken cancellationToken
    )
    {
        connection.Queue.Complete();
        await direct.FinishAsync().WaitAsync(cancellationToken);
        await direct.SendAsync(frame, cancellationToken);
    }

    public override Task WriteAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        WriteAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override Task FlushAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public override void Flush() => throw new NotSupportedException();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            direct.Dispose();
        }

        base.Dispose(disposing);
    }
}
