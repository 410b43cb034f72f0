namespace RealtimeSuite.Concurrency;

/// <summary>Wakes one waiting loop. Setting it again before the loop has woken changes nothing; no signal is lost.</summary>
public sealed class WakeSignal : IDisposable
{
    private readonly SemaphoreSlim _semaphore = new(0, 1);
    private int _isSet;

    /// <summary>Wakes the loop, now or at its next wait. From any thread, never waits.</summary>
    public void Set()
    {
        if (Interlocked.Exchange(ref _isSet, 1) == 0)
        {
            _semaphore.Release();
        }
    }

    /// <summary>Waits for the signal, at most <paramref name="timeout"/>. For one loop only.</summary>
    public async Task WaitAsync(TimeSpan timeout, CancellationToken cancellationToken)
    {
        if (await _semaphore.WaitAsync(timeout, cancellationToken))
        {
            Volatile.Write(ref _isSet, 0);
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _semaphore.Dispose();
}
