using System.Buffers;
using System.Net.WebSockets;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>The only code that reads from a socket. An idle connection holds no buffer.</summary>
internal static class ConnectionReader
{
    private const int FirstBuffer = 4096;
    private const int MaxFragments = 16 * 1024;

    /// <summary>Reads messages until the peer closes, goes away, or the socket is aborted. Gives each message to <paramref name="messages"/>.</summary>
    public static async Task RunAsync(Connection connection, ClientMessages messages, GatewayOptions options)
    {
        try
        {
            while (true)
            {
                // Waits for data without a buffer; the buffer is taken only when there is something to read.
                var arrived = await connection.Socket.ReceiveAsync(Memory<byte>.Empty, CancellationToken.None);
                if (arrived.MessageType == WebSocketMessageType.Close)
                {
                    connection.Close(DisconnectReason.ClosedByClient);
                    return;
                }

                if (arrived.EndOfMessage)
                {
                    await messages.HandleAsync(default, arrived.MessageType);
                }
                else if (!await ReadMessageAsync(connection, messages, options))
                {
                    return;
                }
            }
        }
        catch (Exception exception)
            when (exception
                    is WebSocketException
                        or OperationCanceledException
                        or IOException
                        or ObjectDisposedException
            )
        {
            connection.Close(ReasonOf(exception));
        }
    }

    /// <summary>Whether the peer broke the protocol; then the framework has sent the close frame, 1002 or 1007, and sends nothing more.</summary>
    private static DisconnectReason ReasonOf(Exception exception) =>
        exception is WebSocketException { WebSocketErrorCode: WebSocketError.Faulted }
            ? DisconnectReason.ProtocolError
            : DisconnectReason.PeerGone;

    private static async ValueTask<bool> ReadMessageAsync(
        Connection connection,
        ClientMessages messages,
        GatewayOptions options
    )
    {
        var buffer = ArrayPool<byte>.Shared.Rent(FirstBuffer);
        var length = 0;
        var fragments = 0;
        try
        {
            while (true)
            {
                // The framework fills all room it is given before it answers: give it none beyond the first byte too many.
                var room = Math.Min(buffer.Length, options.MaxMessageBytes + 1) - length;
                var read = await connection.Socket.ReceiveAsync(buffer.AsMemory(length, room), CancellationToken.None);
                if (read.MessageType == WebSocketMessageType.Close)
                {
                    connection.Close(DisconnectReason.ClosedByClient);
                    return false;
                }

                if (++fragments > MaxFragments)
                {
                    // Empty fragments cost neither bytes nor messages.
                    connection.Close(DisconnectReason.TooFast);
                    return await DrainAsync(connection, buffer);
                }

                length += read.Count;
                if (length > options.MaxMessageBytes)
                {
                    connection.Close(DisconnectReason.MessageTooBig);
                    return await DrainAsync(connection, buffer);
                }

                if (read.EndOfMessage)
                {
                    await messages.HandleAsync(buffer.AsMemory(0, length), read.MessageType);
                    return true;
                }

                if (length == buffer.Length)
                {
                    var larger = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
                    buffer.AsSpan(0, length).CopyTo(larger);
                    ArrayPool<byte>.Shared.Return(buffer);
                    buffer = larger;
                }
            }
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    /// <summary>Reads on and throws away, so that the peer can read why the socket closes; the writer's deadline ends it.</summary>
    private static async ValueTask<bool> DrainAsync(Connection connection, byte[] buffer)
    {
        ValueWebSocketReceiveResult read;
        do
        {
            read = await connection.Socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
        } while (read.MessageType != WebSocketMessageType.Close);

        return false;
    }
}
