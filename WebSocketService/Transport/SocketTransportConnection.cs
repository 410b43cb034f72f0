using System.Buffers;
using System.IO.Pipelines;
using System.Net.Sockets;
using Microsoft.AspNetCore.Connections;

namespace RealtimeSuite.Gateway.Transport;

/// <summary>
/// One TCP connection as the web server sees it: a pipe each way. After the handshake of a WebSocket it can be taken from the server, which
/// then forgets it and all that belonged to the request.
/// </summary>
/// <remarks>
/// The server's flush ends only when the operating system has taken all bytes; so after the answer to a handshake nothing is under way,
/// and the socket can be written to by other means.
/// </remarks>
internal sealed class SocketTransportConnection : DefaultConnectionContext
{
    private const int MinRead = 1024;

    private readonly Pipe _input;
    private readonly Pipe _output;
    private readonly CancellationTokenSource _closed = new();
    private Task _receiver = Task.CompletedTask;
    private Task _sender = Task.CompletedTask;
    private volatile bool _isDetached;

    public SocketTransportConnection(Socket socket)
        : this(
            socket,
            new Pipe(new PipeOptions(useSynchronizationContext: false)),
            new Pipe(
                new PipeOptions(pauseWriterThreshold: 1, resumeWriterThreshold: 1, useSynchronizationContext: false)
            )
        ) { }

    private SocketTransportConnection(Socket socket, Pipe input, Pipe output)
        : base(
            Guid.NewGuid().ToString("N"),
            new Duplex(input.Reader, output.Writer),
            new Duplex(output.Reader, input.Writer)
        )
    {
        // So that what would wait says so instead.
        socket.Blocking = false;
        Socket = socket;
        Readable = new ReadSignal(socket);
        _input = input;
        _output = output;
        LocalEndPoint = socket.LocalEndPoint;
        RemoteEndPoint = socket.RemoteEndPoint;
        ConnectionClosed = _closed.Token;
        Features.Set(this);
    }

    /// <summary>The socket.</summary>
    public Socket Socket { get; }

    /// <summary>Tells when there is something to read: the server, and later whoever takes the socket.</summary>
    public ReadSignal Readable { get; }

    /// <summary>Begins to receive and to send.</summary>
    public void Start()
    {
        _receiver = ReceiveAsync();
        _sender = SendAsync();
    }

    /// <summary>
    /// Takes the socket from the server, once its answer to the handshake is written. Answers what the client has sent since. The caller
    /// closes the socket.
    /// </summary>
    public async Task<byte[]> DetachAsync()
    {
        _isDetached = true;

        // The receiver waits for more, or for the server, which reads no more, to make room.
        _input.Writer.CancelPendingFlush();
        Readable.Interrupt();
        await _receiver;
        if (!_input.Reader.TryRead(out var read))
        {
            return [];
        }

        var early = read.Buffer.ToArray();
        _input.Reader.AdvanceTo(read.Buffer.End);
        return early;
    }

    public override void Abort(ConnectionAbortedException abortReason)
    {
        if (!_isDetached)
        {
            Socket.Close(timeout: 0);
        }
    }

    public override async ValueTask DisposeAsync()
    {
        await _input.Reader.CompleteAsync();
        await _output.Writer.CompleteAsync();
        await _sender;
        await _receiver;
        if (!_isDetached)
        {
            Readable.Dispose();
        }

        _closed.Dispose();
        await base.DisposeAsync();
    }

    private async Task ReceiveAsync()
    {
        try
        {
            while (true)
            {
                var readable = Readable.WaitAsync();
                if (_isDetached)
                {
                    // Taken between two waits.
                    Readable.Interrupt();
                }

                await readable;
                if (_isDetached)
                {
                    break;
                }

                var read = Socket.Receive(_input.Writer.GetSpan(MinRead), SocketFlags.None, out var error);
                if (error == SocketError.WouldBlock)
                {
                    continue;
                }

                if (error != SocketError.Success || read == 0)
                {
                    break;
                }

                _input.Writer.Advance(read);
                if ((await _input.Writer.FlushAsync()).IsCompleted)
                {
                    break;
                }
            }
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The connection is gone.
        }

        await _input.Writer.CompleteAsync();
        if (!_isDetached)
        {
            await _closed.CancelAsync();
        }
    }

    private async Task SendAsync()
    {
        try
        {
            ReadResult output;
            do
            {
                output = await _output.Reader.ReadAsync();
                foreach (var part in output.Buffer)
                {
                    await Socket.SendAllAsync(part);
                }

                _output.Reader.AdvanceTo(output.Buffer.End);
            } while (!output.IsCompleted);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // The client is gone; the receiver finds out as well.
        }

        await _output.Reader.CompleteAsync();
        if (!_isDetached)
        {
            Close();
        }
    }

    private void Close()
    {
        try
        {
            Socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception exception) when (exception is SocketException or ObjectDisposedException)
        {
            // It is closed already.
        }

        Socket.Dispose();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
