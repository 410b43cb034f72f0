using System.Net.WebSockets;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>
/// What is written to a socket, from the greeting to the close frame: the queue's frames in order, by the <see cref="DirectSocket"/> where there
/// is one, else by a task of the connection's own over the framework's WebSocket.
/// </summary>
internal static class ConnectionWriter
{
    /// <summary>Writes until the connection is closing, then says why and ends. A peer that takes nothing is cut off after <see cref="GatewayOptions.CloseTimeout"/>.</summary>
    public static Task RunAsync(Connection connection, IReadOnlyList<Frame> greeting, GatewayOptions options)
    {
        if (connection.Direct is not { } direct)
        {
            return RunOverStreamAsync(connection, greeting, options.CloseTimeout);
        }

        direct.Start(connection, greeting);
        return EndAsync(connection, direct, options.CloseTimeout);
    }

    private static async Task EndAsync(Connection connection, DirectSocket direct, TimeSpan patience)
    {
        await connection.Ended;
        using var deadline = new CancellationTokenSource(patience);
        var finished = direct.FinishAsync();
        await EndAsync(connection, finished.WaitAsync(deadline.Token), deadline.Token);

        // Of a peer that was cut off, a write may be under way, and fails now: only then is it known what was written.
        await finished.WaitAsync(patience).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static async Task RunOverStreamAsync(
        Connection connection,
        IReadOnlyList<Frame> greeting,
        TimeSpan patience
    )
    {
        // A write under way when the connection closes may finish within the close timeout; cancelling it would break the frame.
        using var deadline = new CancellationTokenSource();
        var writing = WriteAsync(connection, greeting, deadline.Token);
        await Task.WhenAny(writing, connection.Ended);
        deadline.CancelAfter(patience);
        await EndAsync(connection, writing, deadline.Token);
    }

    private static async Task WriteAsync(
        Connection connection,
        IReadOnlyList<Frame> greeting,
        CancellationToken deadline
    )
    {
        foreach (var frame in greeting)
        {
            await SendAsync(connection, frame, deadline);
        }

        while (!connection.IsCutShort && await connection.Queue.WaitAsync(deadline))
        {
            while (!connection.IsCutShort && connection.Queue.TryTake(out var frame))
            {
                await SendAsync(connection, frame, deadline);
            }
        }
    }

    private static async ValueTask SendAsync(Connection connection, Frame frame, CancellationToken deadline)
    {
        var events = frame.Kind == FrameKind.Event ? 1 : 0;
        connection.Writing = events;
        await connection.Socket.SendAsync(frame.Payload, WebSocketMessageType.Text, endOfMessage: true, deadline);
        connection.Written(events);
    }

    /// <summary>Waits for the last of the queue, then says goodbye.</summary>
    private static async Task EndAsync(Connection connection, Task writing, CancellationToken deadline)
    {
        try
        {
            await writing;
            await SayGoodbyeAsync(connection, deadline);
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
