using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Gateway.Continuity;

/// <summary>
/// Joins the history behind a client's position and the live events that arrived while it was read: each event once, in order, or an
/// honest no.
/// </summary>
/// <remarks>
/// The live events begin before the history is read, so whatever the history does not hold is among them. That is not taken on trust: a
/// number that is missing where the two meet, or between the live events, makes the answer no.
/// </remarks>
internal sealed class Recovery
{
    private readonly ChannelHistory _history;
    private readonly HashSet<string> _replayed;
    private readonly bool _isProved;

    private Recovery(ChannelHistory history, bool isProved)
    {
        _history = history;
        _isProved = isProved;
        _replayed = isProved
            ? history.Events.Select(replayed => replayed.Event.Id).ToHashSet(StringComparer.Ordinal)
            : [];
    }

    /// <summary>Whether the client misses nothing.</summary>
    public bool IsRecovered => _isProved;

    /// <summary>The events to send before the live ones; none without proof.</summary>
    public IReadOnlyList<ChannelEvent> Replay => _isProved ? _history.Events : [];

    /// <summary>Where the channel stood when its history was read.</summary>
    public ChannelHistory History => _history;

    /// <summary>Decides.</summary>
    /// <param name="history">The history behind the client's position.</param>
    /// <param name="live">The events that arrived since before it was read.</param>
    public static Recovery Of(ChannelHistory history, IEnumerable<EventMark> live) =>
        new(history, history.IsComplete && AreGapless(history, live));

    /// <summary>Whether the client has, or gets by the replay, what a live event tells.</summary>
    public bool Covers(EventMark live) =>
        _isProved
        && (
            live.IsNumbered && live.Epoch == _history.Epoch
                ? live.Offset <= _history.Offset
                : _replayed.Contains(live.Id)
        );

    private static bool AreGapless(ChannelHistory history, IEnumerable<EventMark> live)
    {
        var (epoch, offset) = (history.Epoch, history.Offset);
        foreach (var mark in live.Where(mark => mark.IsNumbered))
        {
            if (mark.Epoch == epoch ? mark.Offset > offset + 1 : mark.Offset > 1)
            {
                return false;
            }

            offset = mark.Epoch == epoch ? Math.Max(offset, mark.Offset) : mark.Offset;
            epoch = mark.Epoch;
        }

        return true;
    }
}
