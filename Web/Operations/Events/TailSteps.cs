namespace RealtimeSuite.Web.Operations.Events;

/// <summary>The gateway's <c>events</c>: what one replica saw.</summary>
internal sealed record TailBatch(string Replica, long Dropped, IReadOnlyList<TailStep> Entries);

/// <summary>The gateway's <c>state</c>, each second.</summary>
/// <param name="Replicas">How many replicas there are; null while nobody knows.</param>
/// <param name="Answered">How many of them are heard.</param>
internal sealed record TailState(int? Replicas, int Answered);

/// <summary>One step of an event: <c>numbered</c>, or <c>delivered</c> by a replica.</summary>
public sealed record TailStep(
    string Step,
    DateTimeOffset At,
    string Id,
    string Type,
    string Source,
    string Channel,
    DateTimeOffset? Time,
    KafkaPlace? Kafka,
    long? Offset,
    string? Epoch,
    string? TraceId,
    int? Bytes,
    int? Sockets,
    int? Missed
);

/// <summary>Where a record stands in Kafka.</summary>
public sealed record KafkaPlace(string Topic, int Partition, long Offset)
{
    public override string ToString() => $"{Topic}/{Partition}/{Offset}";
}
