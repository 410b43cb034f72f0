using System.Buffers;
using System.Net.Sockets;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Transport;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>
/// The TCP socket of a connection without TLS, which no longer belongs to the web server. Frames are written to it whole and without waiting,
/// by its <see cref="SendLoop"/>.
/// </summary>
/// <remarks>
/// <para>The contract, so that no frame is ever broken. Between <see cref="Start"/> and the end of <see cref="FinishAsync"/> everything goes
/// through the queue of the connection, control frames of the framework included, which <see cref="DirectStream"/> puts there. Before and
/// afterwards nobody but the framework writes: the close frame, by <see cref="SendAsync(ReadOnlyMemory{byte},CancellationToken)"/>.</para>
/// <para>One writer at a time: the loop, on whatever thread, or, when the kernel's buffer was full, the one asynchronous write of what was left over;
/// meanwhile the loop leaves the socket alone and the frames wait in the bounded queue.</para>
/// </remarks>
internal sealed class DirectSocket : IDisposable
{
    private readonly Socket _socket;
    private readonly ReadSignal _readable;
    private readonly SendLoop _loop;
    private readonly TimeProvider _clock;
    private Connection? _connection;
    private TaskCompletionSource? _finished;
    private int _isListed;
    private volatile bool _isSending;
    private volatile bool _isBroken;
    private long _lastRead;

    public DirectSocket(Socket socket, ReadSignal readable, SendLoop loop, TimeProvider clock)
    {
        _socket = socket;
        _readable = readable;
        _loop = loop;
        _clock = clock;
        PingedAt = _lastRead = clock.GetTimestamp();
    }

    /// <summary>The next on the loop's list; the loop's own.</summary>
    public DirectSocket? Next { get; set; }

    /// <summary>Whose frames are written; null while the socket is written to by other means.</summary>
    public Connection? Connection => Volatile.Read(ref _connection);

    /// <summary>When the peer last sent anything, a pong for example. A timestamp of the clock.</summary>
    public long LastRead => Volatile.Read(ref _lastRead);

    /// <summary>When it was last asked for a pong. A timestamp, used by the sweeper alone.</summary>
    public long PingedAt { get; set; }

    /// <summary>Reads what the peer sends; waits for it without a buffer when given none. Closing the socket ends a wait.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        if (buffer.IsEmpty)
        {
            return _readable.WaitAsync();
        }

        return TryReceive(buffer.Span, out var received) ? ValueTask.FromResult(received) : WaitAndReceiveAsync(buffer);
    }

    /// <summary>Writes all bytes. For the time when the loop does not.</summary>
    /// <exception cref="IOException">The connection is gone.</exception>
    public async ValueTask SendAsync(ReadOnlyMemory<byte> bytes, CancellationToken cancellationToken)
    {
        try
        {
            await _socket.SendAllAsync(bytes, cancellationToken);
        }
        catch (SocketException exception)
        {
            throw new IOException(exception.Message, exception);
        }
    }

    /// <summary>Takes over: writes the greeting, then what the connection's queue holds and will hold.</summary>
    public void Start(Connection connection, IReadOnlyList<Frame> greeting)
    {
        _isSending = true;
        Volatile.Write(ref _connection, connection);
        var length = greeting.Sum(frame => frame.Wire.Length);
        var bytes = ArrayPool<byte>.Shared.Rent(length);
        var written = 0;
        foreach (var frame in greeting)
        {
            frame.Wire.CopyTo(bytes.AsMemory(written));
            written += frame.Wire.Length;
        }

        _ = SendRestAsync(bytes, length, events: 0);
    }

    /// <summary>Says that there is something to write. Never waits.</summary>
    public void Schedule()
    {
        if (Volatile.Read(ref _isListed) == 0 && Interlocked.Exchange(ref _isListed, 1) == 0)
        {
            _loop.Add(this);
        }
    }

    /// <summary>
    /// After the connection's queue was completed: ends when everything that still waits is written, or is of no use any more. Whoever awaits
    /// it may write to the socket by other means afterwards.
    /// </summary>
    public Task FinishAsync()
    {
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        finished = Interlocked.CompareExchange(ref _finished, finished, null) ?? finished;
        Schedule();
        return finished.Task;
    }

    /// <summary>Writes what waits, as far as the kernel takes it. For the loop, under its lock.</summary>
    public void Write(SendBatch batch)
    {
        Interlocked.Exchange(ref _isListed, 0);
        if (Connection is not { } connection || _isSending)
        {
            return;
        }

        // Asked before the queue is looked at: a queue that is to finish takes nothing more.
        var finished = Volatile.Read(ref _finished);
        if (_isBroken || (finished is not null && connection.IsCutShort) || !batch.TryFill(connection.Queue))
        {
            Finish(finished);
            return;
        }

        connection.Writing = batch.Events;
        var sent = TrySend(batch.Bytes.Span);
        if (sent == batch.Bytes.Length)
        {
            connection.Written(batch.Events);
            if (finished is not null || !connection.Queue.IsEmpty)
            {
                Schedule();
            }
        }
        else if (sent >= 0)
        {
            var left = batch.Bytes[sent..];
            var bytes = ArrayPool<byte>.Shared.Rent(left.Length);
            left.CopyTo(bytes);
            _isSending = true;
            _ = SendRestAsync(bytes, left.Length, batch.Events);
        }
        else
        {
            Break(connection);
        }
    }

    /// <summary>Closes the connection; what the kernel has taken is still sent.</summary>
    public void Dispose()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        _socket.Dispose();
        _readable.Dispose();
    }

    private async ValueTask<int> WaitAndReceiveAsync(Memory<byte> buffer)
    {
        int received;
        do
        {
            await _readable.WaitAsync();
        } while (!TryReceive(buffer.Span, out received));

        return received;
    }

    /// <summary>False when there is nothing to read yet.</summary>
    private bool TryReceive(Span<byte> buffer, out int received)
    {
        received = _socket.Receive(buffer, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
        {
            return false;
        }

        if (error != SocketError.Success)
        {
            throw new IOException($"The connection is gone: {error}.");
        }

        Volatile.Write(ref _lastRead, _clock.GetTimestamp());
        return true;
    }

    /// <summary>How many bytes the kernel took now; negative when the connection is broken.</summary>
    private int TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var sent = _socket.Send(bytes, SocketFlags.None, out var error);
            return error switch
            {
                SocketError.Success => sent,
                SocketError.WouldBlock => 0,
                _ => -1,
            };
        }
        catch (ObjectDisposedException)
        {
            return -1;
        }
    }

    /// <summary>Writes what the kernel had no room for, and goes on with the queue afterwards. The buffer is given back.</summary>
    private async Task SendRestAsync(byte[] bytes, int length, int events)
    {
        var connection = _connection!;
        try
        {
            await _socket.SendAllAsync(bytes.AsMemory(0, length));
            connection.Written(events);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Break(connection);
        }

        ArrayPool<byte>.Shared.Return(bytes);
        _isSending = false;

        // Seen before the list is looked at: the loop looks at the two in the other order.
        Interlocked.MemoryBarrier();
        Schedule();
    }

    private void Break(Connection connection)
    {
        _isBroken = true;
        connection.Close(DisconnectReason.PeerGone);
        Schedule();
    }

    private void Finish(TaskCompletionSource? finished)
    {
        if (finished is not null)
        {
            Volatile.Write(ref _connection, null);
            finished.TrySetResult();
        }
    }
}
