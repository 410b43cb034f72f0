using System.Text;
using Confluent.Kafka;

namespace RealtimeSuite.Testing;

/// <summary>Reads a topic from its beginning to its end now, outside any consumer group.</summary>
public static class KafkaTail
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>All records of the topic, in order per partition.</summary>
    public static List<ConsumeResult<string, byte[]>> ReadAll(string bootstrapServers, string topic)
    {
        var config = new ConsumerConfig
        {
            BootstrapServers = bootstrapServers,
            GroupId = "tail-" + Guid.NewGuid().ToString("N"),
            EnableAutoCommit = false,
            AutoOffsetReset = AutoOffsetReset.Earliest,
            FetchWaitMaxMs = 10,
        };
        using var consumer = new ConsumerBuilder<string, byte[]>(config).Build();
        using var admin = new DependentAdminClientBuilder(consumer.Handle).Build();
        var partitions = admin.GetMetadata(topic, Patience).Topics[0].Partitions;
        var ends = partitions
            .Select(partition => new TopicPartition(topic, partition.PartitionId))
            .ToDictionary(partition => partition, partition => consumer.QueryWatermarkOffsets(partition, Patience));
        consumer.Assign(ends.Select(end => new TopicPartitionOffset(end.Key, end.Value.Low)));

        var records = new List<ConsumeResult<string, byte[]>>();
        var expected = ends.Values.Sum(end => end.High.Value - end.Low.Value);
        while (records.Count < expected)
        {
            var record =
                consumer.Consume(Patience)
                ?? throw new TimeoutException($"{topic} ended after {records.Count} of {expected} records.");

            // What is added to one partition meanwhile must not stand for what has not come from another.
            if (record.Offset < ends[record.TopicPartition].High)
            {
                records.Add(record);
            }
        }

        return records;
    }

    /// <summary>A header as text, or null.</summary>
    public static string? Header(this ConsumeResult<string, byte[]> record, string name) =>
        record.Message.Headers.TryGetLastBytes(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;
}
