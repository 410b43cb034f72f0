using System.Net.Sockets;

namespace RealtimeSuite.Gateway.Transport;

/// <summary>Sending on a socket that is set not to block.</summary>
internal static class SocketSends
{
    /// <summary>
    /// Sends all bytes: at once what the kernel has room for, which is nearly always everything, and only the rest asynchronously. A socket
    /// keeps what its first asynchronous send needs for its whole life.
    /// </summary>
    /// <exception cref="SocketException">The connection is gone.</exception>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public static async ValueTask SendAllAsync(
        this Socket socket,
        ReadOnlyMemory<byte> bytes,
        CancellationToken cancellationToken = default
    )
    {
        while (!bytes.IsEmpty)
        {
            var sent = socket.Send(bytes.Span, SocketFlags.None, out var error);
            if (error == SocketError.WouldBlock)
            {
                sent = await socket.SendAsync(bytes, SocketFlags.None, cancellationToken);
            }
            else if (error != SocketError.Success)
            {
                throw new SocketException((int)error);
            }

            bytes = bytes[sent..];
        }
    }
}
