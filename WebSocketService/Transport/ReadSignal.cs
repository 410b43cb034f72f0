using System.Net.Sockets;
using System.Threading.Tasks.Sources;

namespace RealtimeSuite.Gateway.Transport;

/// <summary>
/// Tells when a socket has something to read, its end or an error included. One object for the life of a socket; whoever waits holds neither
/// a buffer nor a token.
/// </summary>
/// <remarks>
/// One party waits at a time. <see cref="Interrupt"/> ends its wait, but not what the operating system was asked: the next wait takes that
/// over. So a socket changes hands without cancelling anything.
/// </remarks>
internal sealed class ReadSignal : SocketAsyncEventArgs, IValueTaskSource<int>
{
    private const int Idle = 0;
    private const int Asked = 1;
    private const int Awaited = 2;

    private readonly Socket _socket;
    private ManualResetValueTaskSourceCore<int> _wait;
    private int _state;

    public ReadSignal(Socket socket)
        : base(unsafeSuppressExecutionContextFlow: true)
    {
        _socket = socket;
        SetBuffer(Memory<byte>.Empty);
    }

    /// <summary>Ends when there is something to read, or on <see cref="Interrupt"/>, always with 0: the bytes read so far.</summary>
    /// <exception cref="ObjectDisposedException">The socket is closed.</exception>
    public ValueTask<int> WaitAsync()
    {
        _wait.Reset();
        if (Interlocked.CompareExchange(ref _state, Awaited, Asked) != Asked)
        {
            if (!Ask())
            {
                return ValueTask.FromResult(0);
            }
        }

        return new ValueTask<int>(this, _wait.Version);
    }

    /// <summary>Ends the wait, if there is one.</summary>
    public void Interrupt()
    {
        if (Interlocked.CompareExchange(ref _state, Asked, Awaited) == Awaited)
        {
            _wait.SetResult(0);
        }
    }

    /// <summary>Asks the operating system; false when there is something at once, and then nothing was asked.</summary>
    private bool Ask()
    {
        var isPending = false;
        Interlocked.Exchange(ref _state, Awaited);
        try
        {
            return isPending = _socket.ReceiveAsync(this);
        }
        finally
        {
            if (!isPending)
            {
                Interlocked.Exchange(ref _state, Idle);
            }
        }
    }

    protected override void OnCompleted(SocketAsyncEventArgs e)
    {
        if (Interlocked.Exchange(ref _state, Idle) == Awaited)
        {
            _wait.SetResult(0);
        }
    }

    int IValueTaskSource<int>.GetResult(short token) => _wait.GetResult(token);

    ValueTaskSourceStatus IValueTaskSource<int>.GetStatus(short token) => _wait.GetStatus(token);

    void IValueTaskSource<int>.OnCompleted(
        Action<object?> continuation,
        object? state,
        short token,
        ValueTaskSourceOnCompletedFlags flags
    ) => _wait.OnCompleted(continuation, state, token, flags);
}
