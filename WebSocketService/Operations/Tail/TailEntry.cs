using System.Diagnostics;
using System.Text.Json.Serialization;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Gateway.Operations.Tail;

/// <summary>
/// One step of an event's way: numbered by one replica, then delivered by each that has connections on its channel. The steps of one
/// event share <see cref="Channel"/> and <see cref="Id"/>. Says nothing of what the event contains.
/// </summary>
/// <param name="Step">Which step.</param>
/// <param name="At">When, by the clock of the replica.</param>
/// <param name="Id">The event's id.</param>
/// <param name="Type">Its type.</param>
/// <param name="Source">Who produced it.</param>
/// <param name="Channel">The channel.</param>
internal sealed record TailEntry(
    TailStep Step,
    DateTimeOffset At,
    string Id,
    string Type,
    string Source,
    string Channel
)
{
    /// <summary>When it happened, as its producer says.</summary>
    public DateTimeOffset? Time { get; init; }

    /// <summary>Where it stands in Kafka; null for one that came another way.</summary>
    public TailPlace? Kafka { get; init; }

    /// <summary>Its number on the channel; null while it comes straight from Kafka, without one.</summary>
    public long? Offset { get; init; }

    /// <summary>The epoch of the number; only of a delivery.</summary>
    public string? Epoch { get; init; }

    /// <summary>The trace in which all this happened; null without one.</summary>
    public string? TraceId { get; init; }

    /// <summary>Size of its frame; only of a delivery.</summary>
    public int? Bytes { get; init; }

    /// <summary>Sockets of the replica on whose queues it was put; only of a delivery.</summary>
    public int? Sockets { get; init; }

    /// <summary>Sockets of the replica that it did not reach, because they were too slow or ending; only of a delivery.</summary>
    public int? Missed { get; init; }

    /// <summary>An event got its number.</summary>
    public static TailEntry Numbered(AddressedEvent addressed, long offset, DateTimeOffset now) =>
        Of(TailStep.Numbered, addressed.Event, addressed.Channel, addressed.Place, addressed.Cause, now) with
        {
            Offset = offset,
        };

    /// <summary>An event was put on the queues of sockets.</summary>
    public static TailEntry Delivered(ChannelEvent channelEvent, int bytes, in FanOut fanOut, DateTimeOffset now) =>
        Of(
            TailStep.Delivered,
            channelEvent.Event,
            channelEvent.Channel,
            channelEvent.Place,
            channelEvent.Cause,
            now
        ) with
        {
            Offset = channelEvent.IsNumbered ? channelEvent.Offset : null,
            Epoch = channelEvent.IsNumbered ? channelEvent.Epoch : null,
            Bytes = bytes,
            Sockets = fanOut.Queued,
            Missed = fanOut.Refused + fanOut.Ended,
        };

    private static TailEntry Of(
        TailStep step,
        CloudEvent cloudEvent,
        string channel,
        KafkaPlace? place,
        ActivityContext cause,
        DateTimeOffset now
    ) =>
        new(step, now, cloudEvent.Id, cloudEvent.Type, cloudEvent.Source, channel)
        {
            Time = cloudEvent.Time,
            Kafka = place is { } known ? new TailPlace(known.Topic, known.Partition, known.Offset) : null,
            TraceId = cause.TraceId == default ? null : cause.TraceId.ToHexString(),
        };
}

/// <summary>The steps that are told.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TailStep>))]
internal enum TailStep
{
    /// <summary>It got its number on the channel and was published for all replicas.</summary>
    [JsonStringEnumMemberName("numbered")]
    Numbered,

    /// <summary>A replica put it on the queues of its sockets.</summary>
    [JsonStringEnumMemberName("delivered")]
    Delivered,
}

/// <summary>Where a record stands in Kafka.</summary>
/// <param name="Topic">The topic.</param>
/// <param name="Partition">The partition.</param>
/// <param name="Offset">The offset within the partition.</param>
internal sealed record TailPlace(string Topic, int Partition, long Offset);

/// <summary>What one replica saw since its last batch.</summary>
/// <param name="Replica">The replica.</param>
/// <param name="Dropped">Steps that it saw and does not tell, as there were too many.</param>
/// <param name="Entries">The steps in order.</param>
internal sealed record TailBatch(string Replica, long Dropped, IReadOnlyList<TailEntry> Entries);
