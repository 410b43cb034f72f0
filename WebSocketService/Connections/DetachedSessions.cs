using System.Diagnostics.CodeAnalysis;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>Sessions that outlive the request of their handshake, so that stopping can wait for them.</summary>
internal sealed partial class DetachedSessions(ILogger<DetachedSessions> logger)
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private bool _isStopping;

    /// <summary>Runs a session to its end, with nothing of the request around it.</summary>
    public void Run(Func<Task> session)
    {
        Interlocked.Increment(ref _count);
        using (ExecutionContext.SuppressFlow())
        {
            _ = Task.Run(() => WatchAsync(session));
        }
    }

    /// <summary>Ends when all sessions have ended. For the time when no more begin.</summary>
    public Task EndedAsync()
    {
        Volatile.Write(ref _isStopping, true);
        if (Volatile.Read(ref _count) == 0)
        {
            _ended.TrySetResult();
        }

        return _ended.Task;
    }

    [SuppressMessage("Design", "CA1031", Justification = "Nobody else would see it.")]
    private async Task WatchAsync(Func<Task> session)
    {
        try
        {
            await session();
        }
        catch (Exception exception)
        {
            Log.Failed(logger, exception);
        }

        if (Interlocked.Decrement(ref _count) == 0 && Volatile.Read(ref _isStopping))
        {
            _ended.TrySetResult();
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "A connection ended with an error")]
        public static partial void Failed(ILogger logger, Exception exception);
    }
}
