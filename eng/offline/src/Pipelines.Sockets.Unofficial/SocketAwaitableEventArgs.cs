using System.IO.Pipelines;
using System.Net.Sockets;
using System.Runtime.CompilerServices;

namespace Pipelines.Sockets.Unofficial;

/// <summary>
/// A socket operation that can be awaited, as often as it is reused: start it, call <see cref="Complete"/> if it ended
/// at once, then await. The result is the number of bytes; a failure throws <see cref="SocketException"/>.
/// </summary>
/// <remarks>
/// One operation and one awaiter at a time. <see cref="Abort"/> may come from any thread and races with the operation:
/// whichever is first resumes the awaiter, the other one changes nothing but a later outcome.
/// </remarks>
public class SocketAwaitableEventArgs : SocketAsyncEventArgs, ICriticalNotifyCompletion
{
    private static readonly Action s_completed = () => { };

    private readonly PipeScheduler? _ioScheduler;
    private Action? _continuation; // null: pending, nobody waits; s_completed: ended; else the awaiter
    private volatile SocketError _abortedWith; // Success: not aborted

    /// <param name="ioScheduler">
    /// Where awaiters resume; <see langword="null"/> resumes them on the completing thread.
    /// </param>
    public SocketAwaitableEventArgs(PipeScheduler? ioScheduler = null)
        : base(unsafeSuppressExecutionContextFlow: true)
    {
        _ioScheduler = ReferenceEquals(ioScheduler, PipeScheduler.Inline) ? null : ioScheduler;
    }

    /// <summary>Whether the current operation has ended.</summary>
    public bool IsCompleted => ReferenceEquals(Volatile.Read(ref _continuation), s_completed);

    /// <summary>Makes the instance awaitable.</summary>
    public SocketAwaitableEventArgs GetAwaiter() => this;

    /// <summary>Number of bytes transferred; readies the instance for the next operation.</summary>
    /// <exception cref="SocketException">The operation failed or was aborted.</exception>
    public int GetResult()
    {
        Volatile.Write(ref _continuation, null);
        var error = _abortedWith is var aborted and not SocketError.Success ? aborted : SocketError;
        return error == SocketError.Success ? BytesTransferred : throw new SocketException((int)error);
    }

    /// <summary>Ends the current operation and all later ones with <paramref name="error"/>.</summary>
    public void Abort(SocketError error = SocketError.OperationAborted)
    {
        if (error == SocketError.Success)
        {
            throw new ArgumentException("An abort needs an error.", nameof(error));
        }

        _abortedWith = error;
        Complete();
    }

    /// <summary>Says that the operation ended at once, i.e. that the socket's method returned false.</summary>
    public void Complete()
    {
        var continuation = Interlocked.Exchange(ref _continuation, s_completed);
        if (continuation is null || ReferenceEquals(continuation, s_completed))
        {
            return;
        }

        if (_ioScheduler is null)
        {
            continuation();
        }
        else
        {
            Schedule(_ioScheduler, continuation);
        }
    }

    /// <inheritdoc/>
    protected override void OnCompleted(SocketAsyncEventArgs e) => Complete();

    /// <inheritdoc/>
    public void OnCompleted(Action continuation)
    {
        if (Interlocked.CompareExchange(ref _continuation, continuation, null) is not null)
        {
            // It ended since IsCompleted was asked. Not called inline: the caller's stack may be deep.
            Schedule(_ioScheduler ?? PipeScheduler.ThreadPool, continuation);
        }
    }

    /// <inheritdoc/>
    public void UnsafeOnCompleted(Action continuation) => OnCompleted(continuation);

    private static void Schedule(PipeScheduler scheduler, Action continuation) =>
        scheduler.Schedule(static state => ((Action)state!)(), continuation);
}
