using System.Threading.Channels;

namespace RealtimeSuite.Gateway.Operations.Tail;

/// <summary>One who reads the tail, by a bounded queue: whoever reads too slowly loses the oldest batches, and is told how many steps were in them.</summary>
internal sealed class TailReader
{
    private const int MaxWaiting = 32;

    private readonly Channel<TailBatch> _batches;
    private long _dropped;

    public TailReader() =>
        _batches = Channel.CreateBounded<TailBatch>(
            new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest },
            batch => Interlocked.Add(ref _dropped, batch.Entries.Count + batch.Dropped)
        );

    /// <summary>Gives it a batch. Never waits.</summary>
    public void Add(TailBatch batch) => _batches.Writer.TryWrite(batch);

    /// <summary>The next batch; null when none came in time.</summary>
    public async ValueTask<TailBatch?> NextAsync(TimeSpan patience, CancellationToken cancellationToken)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        deadline.CancelAfter(patience);
        try
        {
            var batch = await _batches.Reader.ReadAsync(deadline.Token);
            return batch with { Dropped = batch.Dropped + Interlocked.Exchange(ref _dropped, 0) };
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return null;
        }
    }
}
