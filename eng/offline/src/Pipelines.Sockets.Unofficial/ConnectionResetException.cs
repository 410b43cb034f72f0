using System.Net.Sockets;

namespace Pipelines.Sockets.Unofficial;

/// <summary>
/// The peer ended the connection without closing it in order. The inner exception is the transport's.
/// </summary>
public sealed class ConnectionResetException(string message, Exception? inner = null) : IOException(message, inner)
{
    /// <summary>
    /// Returns <paramref name="error"/>, wrapped when it is a reset: as the error of a socket, or inside the
    /// <see cref="IOException"/> of a network stream.
    /// </summary>
    internal static Exception WrapIfReset(Exception error)
    {
        var socketError = error as SocketException ?? error.InnerException as SocketException;
        return
            socketError?.SocketErrorCode
                is SocketError.ConnectionReset
                    or SocketError.ConnectionAborted
                    or SocketError.Shutdown
            ? new ConnectionResetException(socketError.Message, error)
            : error;
    }
}
