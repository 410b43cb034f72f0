namespace RealtimeSuite.Gateway.PubSub;

/// <summary>A Redis channel that this replica listens to, whether or not Redis is there at the moment.</summary>
/// <param name="name">The channel's name in Redis.</param>
internal abstract class PubSubSubscription(string name)
{
    private TaskCompletionSource? _opened = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>The channel's name in Redis.</summary>
    public string Name => name;

    /// <summary>Ends when messages arrive, or when nobody needs to wait for them.</summary>
    public Task Opened => Volatile.Read(ref _opened)?.Task ?? Task.CompletedTask;

    /// <summary>Ends the waiting for <see cref="Opened"/>.</summary>
    public void Open() => Interlocked.Exchange(ref _opened, null)?.TrySetResult();

    /// <summary>A message came. Called for one after the other by the thread that reads for all channels: must neither wait nor throw.</summary>
    public abstract void Take(ReadOnlySpan<byte> message);
}
