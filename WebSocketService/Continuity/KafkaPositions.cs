using System.Collections.Immutable;
using Confluent.Kafka;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Gateway.Continuity;

/// <summary>For each partition the offset of the next record, of some reader at some moment. Never changed after creation.</summary>
internal sealed class KafkaPositions(ImmutableDictionary<TopicPartition, long> offsets)
{
    /// <summary>Nothing is known.</summary>
    public static readonly KafkaPositions None = new(ImmutableDictionary<TopicPartition, long>.Empty);

    /// <summary>The offsets.</summary>
    public ImmutableDictionary<TopicPartition, long> Offsets { get; } = offsets;

    /// <summary>Whether the record there stands before the position.</summary>
    public bool HasPassed(KafkaPlace place) =>
        !Offsets.IsEmpty
        && Offsets.TryGetValue(new TopicPartition(place.Topic, place.Partition), out var next)
        && place.Offset < next;

    /// <summary>The same without one partition.</summary>
    public KafkaPositions Without(TopicPartition partition) => new(Offsets.Remove(partition));
}
