using System.IO.Pipelines;
using System.Net.Sockets;

namespace Pipelines.Sockets.Unofficial;

/// <summary>
/// A connected socket as a duplex pipe: one loop receives into <see cref="Input"/>, one sends what is written to
/// <see cref="Output"/>, and neither ever blocks a thread. The thresholds of the pipe options hold back the peer and
/// the writer.
/// </summary>
/// <remarks>
/// One reader and one writer at a time. The counters and <see cref="Dispose"/> are safe from any thread. A reset by the
/// peer reaches both sides as <see cref="ConnectionResetException"/>; an orderly close ends <see cref="Input"/> only.
/// </remarks>
public sealed partial class SocketConnection : IMeasuredDuplexPipe, IDisposable
{
    private readonly Socket _socket;
    private readonly SocketConnectionOptions _options;
    private readonly string _name;
    private readonly Pipe _receive;
    private readonly Pipe _send;

    private SocketConnection(
        Socket socket,
        PipeOptions sendPipeOptions,
        PipeOptions receivePipeOptions,
        SocketConnectionOptions options,
        string? name
    )
    {
        _socket = socket;
        _options = options;
        _name = string.IsNullOrWhiteSpace(name) ? nameof(SocketConnection) : name.Trim();
        _send = new Pipe(sendPipeOptions);
        _receive = new Pipe(receivePipeOptions);
        Input = new CompletionAwareReader(_receive.Reader, OnInputCompleted);
        Output = _send.Writer;
    }

    /// <summary>Starts a connection over a connected socket, which it owns from now on.</summary>
    public static SocketConnection Create(
        Socket socket,
        PipeOptions? sendPipeOptions,
        PipeOptions? receivePipeOptions,
        SocketConnectionOptions socketConnectionOptions = SocketConnectionOptions.None,
        string? name = null
    )
    {
        ArgumentNullException.ThrowIfNull(socket);
        sendPipeOptions ??= PipeOptions.Default;
        receivePipeOptions ??= PipeOptions.Default;
        var connection = new SocketConnection(
            socket,
            sendPipeOptions,
            receivePipeOptions,
            socketConnectionOptions,
            name
        );

        // Scheduled rather than called: the loops must not inherit the caller's execution context or lock.
        sendPipeOptions.ReaderScheduler.Schedule(
            static state => _ = ((SocketConnection)state!).SendAllAsync(),
            connection
        );
        receivePipeOptions.ReaderScheduler.Schedule(
            static state => _ = ((SocketConnection)state!).ReceiveAllAsync(),
            connection
        );
        return connection;
    }

    /// <summary>
    /// Turns on what suits small requests: no delay for coalescing, and quick probes where keep-alive is used.
    /// </summary>
    public static void SetRecommendedClientOptions(Socket socket)
    {
        if (socket.ProtocolType != ProtocolType.Tcp)
        {
            return;
        }

        socket.NoDelay = true;
        try
        {
            // Takes effect only for a socket on which keep-alive is then turned on: a dead peer is noticed in 45 s.
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveTime, 30);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveInterval, 5);
            socket.SetSocketOption(SocketOptionLevel.Tcp, SocketOptionName.TcpKeepAliveRetryCount, 3);
        }
        catch (SocketException)
        {
            // The platform has no such setting; its own intervals apply.
        }
    }

    /// <summary>Fails early where an assembly this one needs cannot be loaded.</summary>
    public static void AssertDependencies() => GC.KeepAlive(PipeOptions.Default);

    /// <summary>What the peer sent.</summary>
    public PipeReader Input { get; }

    /// <summary>What is to be sent to the peer.</summary>
    public PipeWriter Output { get; }

    /// <summary>Closes the socket and ends both loops; unsent bytes are lost.</summary>
    public void Dispose()
    {
        _disposed = true;
        TrySetShutdown(PipeShutdownKind.PipeDisposed);
        ShutdownSocket(SocketShutdown.Both);
        _socket.Dispose();
    }

    /// <summary>The name given at creation.</summary>
    public override string ToString() => _name;

    private void OnInputCompleted()
    {
        TrySetShutdown(PipeShutdownKind.InputReaderCompleted);
        ShutdownSocket(SocketShutdown.Receive);
    }

    private void ShutdownSocket(SocketShutdown how)
    {
        try
        {
            _socket.Shutdown(how);
        }
        catch (Exception error) when (error is SocketException or ObjectDisposedException)
        {
            // It is shut already, which is all that was wanted.
        }
    }
}
