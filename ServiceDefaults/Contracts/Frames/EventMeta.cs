namespace RealtimeSuite.Contracts.Frames;

/// <summary>Where an event stands: the one field that the suite adds to a seed's frame (source: wire contract, sections 2 and 4).</summary>
/// <param name="Id">Unique per event; the same after a replay and on every replica.</param>
/// <param name="Channel">The channel that numbers the event, for example <c>user:42</c>.</param>
/// <param name="Offset">Rises by one within an epoch.</param>
/// <param name="Epoch">Changes when the channel's history was lost.</param>
public sealed record EventMeta(string Id, string Channel, long Offset, string Epoch);

/// <summary>A position on a channel, as a client keeps it and sends it to resume.</summary>
/// <param name="Epoch">Of the last event that was read.</param>
/// <param name="Offset">Of the last event that was read.</param>
public sealed record ChannelPosition(string Epoch, long Offset);
