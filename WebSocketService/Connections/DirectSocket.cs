using System.Buffers;
using System.Net.Sockets;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>
/// The TCP socket of a connection without TLS, written to directly: whole frames, without waiting, by the thread of its <see cref="SendLoop"/>.
/// </summary>
/// <remarks>
/// <para>The contract, so that no frame is ever broken. Between <see cref="Start"/> and the end of <see cref="FinishAsync"/> everything that is
/// written to the socket goes through here, control frames of the framework included (<see cref="DirectStream"/> hands them over), and the
/// server's own output is empty: before, its flush waits until the operating system has taken everything; afterwards, it is used again for
/// the close frame.</para>
/// <para>One writer at a time: the loop's thread, or, when the kernel's buffer was full, the one asynchronous write of what was left over;
/// meanwhile the loop leaves the socket alone and the frames wait in the bounded queue.</para>
/// </remarks>
internal sealed class DirectSocket(Socket socket, SendLoop loop, long openedAt)
{
    private Connection? _connection;
    private TaskCompletionSource? _finished;
    private int _isListed;
    private volatile bool _isSending;
    private volatile bool _isBroken;
    private long _lastRead = openedAt;

    /// <summary>The next on the loop's list; the loop's own.</summary>
    public DirectSocket? Next { get; set; }

    /// <summary>Whose frames are written; null while the socket is written to by other means.</summary>
    public Connection? Connection => Volatile.Read(ref _connection);

    /// <summary>When the peer last sent anything, a pong for example. A timestamp of the clock.</summary>
    public long LastRead
    {
        get => Volatile.Read(ref _lastRead);
        set => Volatile.Write(ref _lastRead, value);
    }

    /// <summary>When it was last asked for a pong. A timestamp, used by the sweeper alone.</summary>
    public long PingedAt { get; set; } = openedAt;

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

        _ = SendAsync(bytes, length, events: 0);
    }

    /// <summary>Says that there is something to write. Never waits.</summary>
    public void Schedule()
    {
        if (Volatile.Read(ref _isListed) == 0 && Interlocked.Exchange(ref _isListed, 1) == 0)
        {
            loop.Add(this);
        }
    }

    /// <summary>
    /// After the connection was closed: ends when everything that still waits is written, or is of no use any more. Whoever awaits it may
    /// write to the socket by other means afterwards.
    /// </summary>
    public Task FinishAsync()
    {
        var finished = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        Volatile.Write(ref _finished, finished);
        Schedule();
        return finished.Task;
    }

    /// <summary>Writes what waits, as far as the kernel takes it. For the loop's thread.</summary>
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
            _ = SendAsync(bytes, left.Length, batch.Events);
        }
        else
        {
            Break(connection);
        }
    }

    /// <summary>How many bytes the kernel took now; negative when the connection is broken.</summary>
    private int TrySend(ReadOnlySpan<byte> bytes)
    {
        try
        {
            var sent = socket.Send(bytes, SocketFlags.None, out var error);
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
    private async Task SendAsync(byte[] bytes, int length, int events)
    {
        var connection = _connection!;
        try
        {
            // Affects the calls that would wait, which only this class makes.
            socket.Blocking = false;
            for (var sent = 0; sent < length; )
            {
                sent += await socket.SendAsync(bytes.AsMemory(sent, length - sent), SocketFlags.None);
            }

            connection.Written(events);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            Break(connection);
        }

        ArrayPool<byte>.Shared.Return(bytes);
        _isSending = false;
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
