using System.Net.Sockets;

namespace Pipelines.Sockets.Unofficial;

public sealed partial class SocketConnection
{
    private volatile bool _disposed;
    private int _shutdownKind;
    private int _socketError;
    private int _lastReceived = -1;
    private long _bytesRead; // written by the receive loop alone
    private long _bytesSent; // written by the send loop alone

    /// <summary>What ended the connection first; later reasons do not replace it.</summary>
    public PipeShutdownKind ShutdownKind => (PipeShutdownKind)Volatile.Read(ref _shutdownKind);

    /// <summary>The socket's error where <see cref="ShutdownKind"/> names one.</summary>
    public SocketError SocketError => (SocketError)Volatile.Read(ref _socketError);

    /// <summary>Bytes received from the socket.</summary>
    public long BytesRead => Volatile.Read(ref _bytesRead);

    /// <summary>Bytes sent to the socket.</summary>
    public long BytesSent => Volatile.Read(ref _bytesSent);

    /// <summary>Bytes of the last receive: 0 after the peer closed, -1 before the first one.</summary>
    public int LastReceived => Volatile.Read(ref _lastReceived);

    /// <inheritdoc/>
    long IMeasuredDuplexPipe.TotalBytesSent => BytesSent;

    /// <inheritdoc/>
    long IMeasuredDuplexPipe.TotalBytesReceived => BytesRead;

    /// <summary>Records that the protocol itself ended the connection.</summary>
    /// <returns>
    /// False if the connection had ended already, or if <paramref name="kind"/> is not the protocol's to set.
    /// </returns>
    public bool TrySetProtocolShutdown(PipeShutdownKind kind) =>
        kind is PipeShutdownKind.ProtocolExitClient or PipeShutdownKind.ProtocolExitServer && TrySetShutdown(kind);

    /// <summary>Where bytes are waiting at this moment.</summary>
    public Counters GetCounters()
    {
        var available = 0;
        try
        {
            available = _socket.Available;
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // A closed socket holds nothing.
        }

        return new Counters(available, PipeLength.Of(_receive), PipeLength.Of(_send));
    }

    private bool TrySetShutdown(PipeShutdownKind kind) =>
        Interlocked.CompareExchange(ref _shutdownKind, (int)kind, 0) == 0;

    /// <summary>
    /// Records why a loop failed and returns what its pipe is completed with: nothing after <see cref="Dispose"/>, for
    /// then the failure is only the echo of that.
    /// </summary>
    private Exception? Failed(
        Exception failure,
        PipeShutdownKind onSocketError,
        PipeShutdownKind onDisposed,
        PipeShutdownKind onIOException,
        PipeShutdownKind otherwise
    )
    {
        var kind = failure switch
        {
            SocketException { SocketErrorCode: SocketError.OperationAborted } or ObjectDisposedException => onDisposed,
            SocketException => onSocketError,
            IOException => onIOException,
            _ => otherwise,
        };
        if (TrySetShutdown(kind) && failure is SocketException socketFailure)
        {
            Volatile.Write(ref _socketError, (int)socketFailure.SocketErrorCode);
        }

        return _disposed ? null : ConnectionResetException.WrapIfReset(failure);
    }

    /// <summary>Where the bytes of a connection are waiting.</summary>
    public readonly struct Counters
    {
        internal Counters(long availableOnSocket, long waitingToBeRead, long waitingToBeSent)
        {
            BytesAvailableOnSocket = availableOnSocket;
            BytesWaitingToBeRead = waitingToBeRead;
            BytesWaitingToBeSent = waitingToBeSent;
        }

        /// <summary>In the system's receive buffer.</summary>
        public long BytesAvailableOnSocket { get; }

        /// <summary>In <see cref="Input"/>.</summary>
        public long BytesWaitingToBeRead { get; }

        /// <summary>In <see cref="Output"/>.</summary>
        public long BytesWaitingToBeSent { get; }
    }
}
