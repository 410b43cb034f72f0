using System.Text.Json.Serialization;

namespace RealtimeSuite.Contracts.Frames;

/// <summary>Where an event stands: the one field that the suite adds to a seed's frame (source: wire contract, sections 2 and 4).</summary>
/// <param name="Id">Unique per event; the same after a replay and on every replica.</param>
/// <param name="Channel">The channel that numbers the event, for example <c>user:42</c>.</param>
public sealed record EventMeta(string Id, string Channel)
{
    /// <summary>Rises by one within an epoch. Missing while Redis is away: events then come straight from Kafka, without a number.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public long? Offset { get; init; }

    /// <summary>Changes when the channel's history was lost. Missing together with the offset.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Epoch { get; init; }
}

/// <summary>A position on a channel, as a client keeps it and sends it to resume.</summary>
/// <param name="Epoch">Of the last event that was read.</param>
/// <param name="Offset">Of the last event that was read.</param>
public sealed record ChannelPosition(string Epoch, long Offset);
