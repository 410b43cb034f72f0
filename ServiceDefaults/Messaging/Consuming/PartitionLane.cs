using System.Diagnostics.CodeAnalysis;
using System.Threading.Channels;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;

namespace RealtimeSuite.Messaging.Consuming;

/// <summary>
/// The records of one partition on their way to the handler. One writer (the consumer thread), one reader (the lane's own task).
/// Bounded: at <see cref="KafkaConsumerOptions.MaxWaiting"/> records the partition is paused, at half of it resumed.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The token source has no timer and nothing to release.")]
internal sealed partial class PartitionLane
{
    private readonly Channel<KafkaRecord> _waiting = Channel.CreateUnbounded<KafkaRecord>(
        new UnboundedChannelOptions { SingleReader = true, SingleWriter = true }
    );
    private readonly CancellationTokenSource _stopping = new();
    private readonly IConsumer<string, byte[]> _consumer;
    private readonly BatchRunner _runner;
    private readonly KafkaConsumerOptions _options;
    private readonly ILogger _logger;
    private readonly Action _died;
    private readonly Task _work;
    private int _count;
    private bool _paused;
    private long _handled = -1;

    public PartitionLane(
        IConsumer<string, byte[]> consumer,
        TopicPartition partition,
        BatchRunner runner,
        KafkaConsumerOptions options,
        Action died,
        ILogger logger
    )
    {
        _died = died;
        _consumer = consumer;
        _runner = runner;
        _options = options;
        _logger = logger;
        _work = Task.Run(() => WorkAsync(partition, _stopping.Token));
    }

    /// <summary>The offset after the newest record that the broker has told of.</summary>
    public long HighWatermark { get; set; }

    /// <summary>How many records the broker has that were not handled yet.</summary>
    public long Lag => Volatile.Read(ref _handled) is var handled and >= 0 ? Math.Max(0, HighWatermark - handled) : 0;

    /// <summary>Takes a record; true when the lane became full and the partition is to be paused.</summary>
    public bool Add(KafkaRecord record)
    {
        _waiting.Writer.TryWrite(record);
        if (Interlocked.Increment(ref _count) < _options.MaxWaiting || _paused)
        {
            return false;
        }

        return _paused = true;
    }

    /// <summary>True once when a paused partition may be resumed.</summary>
    public bool TakeResume()
    {
        if (!_paused || Volatile.Read(ref _count) > _options.MaxWaiting / 2)
        {
            return false;
        }

        _paused = false;
        return true;
    }

    /// <summary>Ends the lane after the batch at hand.</summary>
    public Task StopAsync()
    {
        _stopping.Cancel();
        return _work;
    }

    private async Task WorkAsync(TopicPartition partition, CancellationToken stopping)
    {
        var batch = new List<KafkaRecord>(_options.MaxBatch);
        try
        {
            while (await _waiting.Reader.WaitToReadAsync(stopping))
            {
                batch.Clear();
                while (batch.Count < _options.MaxBatch && _waiting.Reader.TryRead(out var record))
                {
                    batch.Add(record);
                }

                await _runner.RunAsync(batch, stopping);
                Interlocked.Add(ref _count, -batch.Count);
                Store(batch[^1]);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What was not handled has no stored offset and comes again to the next owner of the partition.
        }
        catch (Exception exception)
        {
            // A partition that nobody handles must not look healthy: the process ends, and its partitions go to others.
            Log.LaneDied(_logger, partition, exception);
            _died();
        }
    }

    private void Store(KafkaRecord last)
    {
        Volatile.Write(ref _handled, last.Offset + 1);
        try
        {
            _consumer.StoreOffset(last.Next);
        }
        catch (KafkaException exception)
        {
            // The partition was taken away in the meantime: its next owner handles the batch again.
            Log.OffsetNotStored(_logger, exception.Error.Reason);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Critical, "Handling of {Partition} ended unexpectedly")]
        public static partial void LaneDied(ILogger logger, TopicPartition partition, Exception exception);

        [LoggerMessage(LogLevel.Information, "An offset was not stored, the records come again: {Reason}")]
        public static partial void OffsetNotStored(ILogger logger, string reason);
    }
}
