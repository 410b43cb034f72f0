using Confluent.Kafka;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Gateway.Continuity;

/// <summary>Starts <see cref="KafkaTail"/>s.</summary>
internal sealed class KafkaTails(
    IConfiguration configuration,
    EventDelivery delivery,
    TimeProvider clock,
    ILogger<KafkaTail> logger
)
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    /// <summary>A reader from these positions on; from where the gateway's group stands in partitions that they do not name.</summary>
    public KafkaTail Start(KafkaPositions positions) => new(Connect, positions, delivery, logger);

    /// <summary>Gives the board the positions that the gateway's group has committed, as soon as Kafka answers.</summary>
    public async Task BeginAsync(PositionBoard board, CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                // The client library blocks: on a thread of its own.
                board.Begin(
                    await Task.Factory.StartNew(
                        () =>
                        {
                            using var consumer = Connect();
                            return Partitions.Committed(consumer);
                        },
                        cancellationToken,
                        TaskCreationOptions.LongRunning,
                        TaskScheduler.Default
                    )
                );
                return;
            }
            catch (KafkaException)
            {
                await Task.Delay(Pause, clock, cancellationToken);
            }
        }
    }

    /// <summary>A consumer that may ask for the group's offsets but never joins it and never commits.</summary>
    private IConsumer<string, byte[]> Connect()
    {
        var config = MessagingSetup.KafkaConsumerConfig(configuration);
        config.GroupId = EventIntake.Group;
        config.EnableAutoCommit = false;
        config.EnableAutoOffsetStore = false;
        config.AutoOffsetReset = AutoOffsetReset.Earliest;
        config.AllowAutoCreateTopics = false;
        config.EnablePartitionEof = true;
        return new ConsumerBuilder<string, byte[]>(config).SetLogHandler((_, _) => { }).Build();
    }

    /// <summary>What must be asked of Kafka before reading.</summary>
    internal static class Partitions
    {
        private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(5);

        /// <summary>Where the group stands in every partition of every event topic; the beginning where it has read nothing.</summary>
        public static List<TopicPartitionOffset> Committed(IConsumer<string, byte[]> consumer)
        {
            using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
            var partitions = KafkaTopics
                .All.SelectMany(topic => admin.GetMetadata(topic, Deadline).Topics)
                .SelectMany(topic =>
                    topic.Partitions.Select(partition => new TopicPartition(topic.Topic, partition.PartitionId))
                )
                .ToList();
            return
            [
                .. consumer
                    .Committed(partitions, Deadline)
                    .Select(position =>
                        position.Offset.IsSpecial ? new TopicPartitionOffset(position.TopicPartition, 0) : position
                    ),
            ];
        }

        /// <summary>Where a partition ends now.</summary>
        public static long End(IConsumer<string, byte[]> consumer, TopicPartition partition) =>
            consumer.QueryWatermarkOffsets(partition, Deadline).High.Value;
    }
}
