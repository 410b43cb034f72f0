using System.Collections.Concurrent;
using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace RealtimeSuite.Messaging.Consuming;

/// <summary>One <see cref="PartitionLane"/> per assigned partition. Rebalance callbacks, Add and ResumeDrained run on the consumer thread alone.</summary>
internal sealed partial class PartitionLanes(
    BatchRunner runner,
    IOptions<KafkaConsumerOptions> options,
    MessagingMetrics metrics,
    IHostApplicationLifetime lifetime,
    ILogger<PartitionLanes> logger
)
{
    private readonly ConcurrentDictionary<TopicPartition, PartitionLane> _lanes = new();

    /// <summary>Connects the lanes to the rebalances of the consumer that is being built.</summary>
    public void Attach(ConsumerBuilder<string, byte[]> builder) =>
        builder
            .SetPartitionsAssignedHandler((consumer, partitions) => Log.Assigned(logger, string.Join(' ', partitions)))
            .SetPartitionsRevokedHandler((consumer, partitions) => Remove(partitions, options.Value.RevokeDeadline))
            .SetPartitionsLostHandler((consumer, partitions) => Remove(partitions, TimeSpan.Zero));

    /// <summary>Hands a record to its lane; a lane that is full pauses its partition.</summary>
    public void Add(IConsumer<string, byte[]> consumer, KafkaRecord record)
    {
        var partition = new TopicPartition(record.Topic, record.Partition);
        var lane = _lanes.GetOrAdd(
            partition,
            _ => new PartitionLane(consumer, partition, runner, options.Value, lifetime.StopApplication, logger)
        );
        metrics.Track(partition, lane);
        if (lane.Add(record))
        {
            consumer.Pause([partition]);
        }

        lane.HighWatermark = consumer.GetWatermarkOffsets(partition).High.Value;
    }

    /// <summary>Resumes the partitions whose lanes have room again.</summary>
    public void ResumeDrained(IConsumer<string, byte[]> consumer)
    {
        foreach (var (partition, lane) in _lanes)
        {
            if (lane.TakeResume())
            {
                consumer.Resume([partition]);
            }
        }
    }

    /// <summary>Stops all lanes without waiting; what they had not finished comes again to whoever reads next.</summary>
    public void Abandon() =>
        Remove([.. _lanes.Keys.Select(partition => new TopicPartitionOffset(partition, Offset.Unset))], TimeSpan.Zero);

    private void Remove(List<TopicPartitionOffset> partitions, TimeSpan deadline)
    {
        var leaving = new List<Task>();
        foreach (var partition in partitions)
        {
            metrics.Forget(partition.TopicPartition);
            if (_lanes.TryRemove(partition.TopicPartition, out var lane))
            {
                leaving.Add(lane.StopAsync());
            }
        }

        // On the consumer's own thread, which must not return before the offsets of handled records are stored.
        Task.WhenAll(leaving).Wait(deadline);
        if (partitions.Count > 0)
        {
            Log.Revoked(logger, string.Join(' ', partitions.Select(partition => partition.TopicPartition)));
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "Partitions assigned: {Partitions}")]
        public static partial void Assigned(ILogger logger, string partitions);

        [LoggerMessage(LogLevel.Information, "Partitions given up: {Partitions}")]
        public static partial void Revoked(ILogger logger, string partitions);
    }
}
