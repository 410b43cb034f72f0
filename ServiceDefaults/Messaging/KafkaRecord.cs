using System.Diagnostics;
using System.Text;
using Confluent.Kafka;

namespace RealtimeSuite.Messaging;

/// <summary>One record as it was read from Kafka.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset within the partition.</param>
/// <param name="Key">The key: id of the aggregate.</param>
/// <param name="Value">The value; empty for a tombstone.</param>
/// <param name="Headers">The headers.</param>
public sealed record KafkaRecord(
    string Topic,
    int Partition,
    long Offset,
    string? Key,
    ReadOnlyMemory<byte> Value,
    Headers Headers
)
{
    /// <summary>The span in which the record is being handled; parent of what the handler does.</summary>
    public ActivityContext Span { get; internal set; }

    /// <summary>The last header of that name as text, or null.</summary>
    public string? Header(string name) =>
        Headers.TryGetLastBytes(name, out var bytes) ? Encoding.UTF8.GetString(bytes) : null;

    internal TopicPartitionOffset Next => new(Topic, Partition, Offset + 1);

    /// <summary>From what the client library read.</summary>
    public static KafkaRecord From(ConsumeResult<string, byte[]> result) =>
        new(
            result.Topic,
            result.Partition.Value,
            result.Offset.Value,
            result.Message.Key,
            result.Message.Value,
            result.Message.Headers ?? []
        );
}
