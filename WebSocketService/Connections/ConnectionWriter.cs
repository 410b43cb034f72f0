using System.Diagnostics.CodeAnalysis;
using System.Net.WebSockets;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>
/// What is written to a socket, from the greeting to the close frame: the queue's frames in order, by the <see cref="DirectSocket"/> where there
/// is one, else by a task of the connection's own over the framework's WebSocket.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "EndAsync disposes of the deadline.")]
internal sealed class ConnectionWriter(Connection connection, GatewayOptions options)
{
    private Task? _writing;
    private CancellationTokenSource? _deadline;

    /// <summary>Begins to write.</summary>
    public void Start(IReadOnlyList<Frame> greeting)
    {
        if (connection.Direct is { } direct)
        {
            direct.Start(connection, greeting);
        }
        else
        {
            // A write under way when the connection closes may finish within the close timeout; cancelling it would break the frame.
            _deadline = new CancellationTokenSource();
            _writing = WriteAsync(greeting, _deadline.Token);
        }
    }

    /// <summary>Ends when the connection is to end, or can be written to no more.</summary>
    public Task Closing => _writing is null ? connection.Ended : Task.WhenAny(_writing, connection.Ended);

    /// <summary>Writes what still waits and is of use, and says why the connection ends. A peer that takes nothing is cut off after <see cref="GatewayOptions.CloseTimeout"/>.</summary>
    public async Task EndAsync()
    {
        using var deadline = _deadline ?? new CancellationTokenSource();
        deadline.CancelAfter(options.CloseTimeout);
        var finished = _writing ?? connection.Direct!.FinishAsync();
        await EndAsync(_writing ?? finished.WaitAsync(deadline.Token), deadline.Token);

        // Of a peer that was cut off, a write may be under way, and fails now: only then is it known what was written.
        await finished.WaitAsync(options.CloseTimeout).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task WriteAsync(IReadOnlyList<Frame> greeting, CancellationToken deadline)
    {
        foreach (var frame in greeting)
        {
            await SendAsync(frame, deadline);
        }

        while (!connection.IsCutShort && await connection.Queue.WaitAsync(deadline))
        {
            while (!connection.IsCutShort && connection.Queue.TryTake(out var frame))
            {
                await SendAsync(frame, deadline);
            }
        }
    }

    private async ValueTask SendAsync(Frame frame, CancellationToken deadline)
    {
        var events = frame.Kind == FrameKind.Event ? 1 : 0;
        connection.Writing = events;
        await connection.Socket.SendAsync(frame.Payload, WebSocketMessageType.Text, endOfMessage: true, deadline);
        connection.Written(events);
    }

    /// <summary>Waits for the last of the queue, then says goodbye.</summary>
    private async Task EndAsync(Task writing, CancellationToken deadline)
    {
        try
        {
            await writing;
            await SayGoodbyeAsync(deadline);
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

    private Task SayGoodbyeAsync(CancellationToken deadline)
    {
        if (connection.Socket.State is not (WebSocketState.Open or WebSocketState.CloseReceived))
        {
            return Task.CompletedTask;
        }

        var reason = connection.Reason ?? DisconnectReason.ClosedByClient;
        return connection.Socket.CloseOutputAsync((WebSocketCloseStatus)reason.Code(), reason.Sentence(), deadline);
    }
}
