using System.Net.WebSockets;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>The only code that writes to a socket: the greeting, the queue's frames in order, then the close frame.</summary>
internal static class ConnectionWriter
{
    /// <summary>Writes until the connection is closing, then says why and ends. A peer that takes nothing is cut off after <see cref="GatewayOptions.CloseTimeout"/>.</summary>
    public static async Task RunAsync(Connection connection, IReadOnlyList<Frame> greeting, GatewayOptions options)
    {
        // A write under way when the connection closes may finish within the close timeout; cancelling it would break the frame.
        using var deadline = new CancellationTokenSource();
        await using var closing = connection.Closing.UnsafeRegister(
            _ => deadline.CancelAfter(options.CloseTimeout),
            state: null
        );
        try
        {
            foreach (var frame in greeting)
            {
                await SendAsync(connection, frame, deadline.Token);
            }

            while (await connection.Queue.WaitAsync(deadline.Token))
            {
                while (!IsCutShort(connection) && connection.Queue.TryTake(out var frame))
                {
                    await SendAsync(connection, frame, deadline.Token);
                }

                if (IsCutShort(connection))
                {
                    break;
                }
            }

            await SayGoodbyeAsync(connection, deadline.Token);
        }
        catch (Exception exception)
            when (exception
                    is WebSocketException
                        or OperationCanceledException
                        or IOException
                        or ObjectDisposedException
            )
        {
            // The reader of a dead socket fails as well and knows why. Aborting here would take back what the framework has just
            // sent, the close frame after a breach of the protocol: only a peer that takes nothing is cut off.
            if (deadline.IsCancellationRequested)
            {
                connection.Close(DisconnectReason.PeerGone);
                connection.Socket.Abort();
            }
        }
    }

    private static async ValueTask SendAsync(Connection connection, Frame frame, CancellationToken deadline)
    {
        var events = frame.Kind == FrameKind.Event ? 1 : 0;
        connection.Writing = events;
        await connection.Socket.SendAsync(frame.Payload, WebSocketMessageType.Text, endOfMessage: true, deadline);
        connection.Delivered += events;
        connection.Writing = 0;
    }

    /// <summary>Whether what still waits is of no use to the peer, or would take it too long.</summary>
    private static bool IsCutShort(Connection connection) =>
        connection.Reason
            is DisconnectReason.SlowConsumer
                or DisconnectReason.ClosedByClient
                or DisconnectReason.PeerGone;

    private static Task SayGoodbyeAsync(Connection connection, CancellationToken deadline)
    {
        if (connection.Socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return Task.CompletedTask;
        }

        var reason = connection.Reason ?? DisconnectReason.ClosedByClient;
        return connection.Socket.CloseOutputAsync((WebSocketCloseStatus)reason.Code(), reason.Sentence(), deadline);
    }
}
