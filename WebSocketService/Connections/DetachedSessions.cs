namespace RealtimeSuite.Gateway.Connections;

/// <summary>Sessions that outlive the request of their handshake, so that stopping can wait for them.</summary>
internal sealed class DetachedSessions
{
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _count;
    private bool _isStopping;

    /// <summary>A session begins.</summary>
    public void Begin() => Interlocked.Increment(ref _count);

    /// <summary>It has ended.</summary>
    public void End()
    {
        if (Interlocked.Decrement(ref _count) == 0 && Volatile.Read(ref _isStopping))
        {
            _ended.TrySetResult();
        }
    }

    /// <summary>Ends when all sessions have ended. For the time when no more begin.</summary>
    public Task EndedAsync()
    {
        Interlocked.Exchange(ref _isStopping, true);
        if (Volatile.Read(ref _count) == 0)
        {
            _ended.TrySetResult();
        }

        return _ended.Task;
    }
}
