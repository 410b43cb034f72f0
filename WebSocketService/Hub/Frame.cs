namespace RealtimeSuite.Gateway.Hub;

/// <summary>The bytes of one text message, made once and shared by every connection that gets it. Never changed after creation.</summary>
internal sealed class Frame(ReadOnlyMemory<byte> payload, SlowPolicy policy = SlowPolicy.Disconnect, string? key = null)
{
    /// <summary>UTF-8 text, without any WebSocket header.</summary>
    public ReadOnlyMemory<byte> Payload { get; } = payload;

    /// <summary>What happens to it at a client that reads too slowly.</summary>
    public SlowPolicy Policy { get; } = policy;

    /// <summary>With <see cref="SlowPolicy.LatestByKey"/>: what it is the latest value of.</summary>
    public string? Key { get; } = key;

    /// <summary>What the frame is of.</summary>
    public FrameKind Kind { get; init; }

    /// <summary>Which event it tells; null when it tells none that has an id.</summary>
    public EventMark? Mark { get; init; }

    /// <summary>What it counts for in a bounded queue. A replay does not: the history bounds it.</summary>
    public int Weight => Kind == FrameKind.Replay ? 0 : Payload.Length;
}

/// <summary>What a frame is of; decides how it is counted.</summary>
internal enum FrameKind
{
    /// <summary>What the server says of itself.</summary>
    Control,

    /// <summary>An event as it happens.</summary>
    Event,

    /// <summary>An event from the history.</summary>
    Replay,
}

/// <summary>Which event a frame tells.</summary>
/// <param name="Channel">The channel.</param>
/// <param name="Id">The event's id.</param>
/// <param name="Epoch">The epoch of its number; empty without one.</param>
/// <param name="Offset">Its number on the channel; zero without one.</param>
internal sealed record EventMark(string Channel, string Id, string Epoch, long Offset)
{
    /// <summary>Whether it has a number.</summary>
    public bool IsNumbered => Offset > 0;
}

/// <summary>What happens to a frame that waits for a client that reads too slowly.</summary>
internal enum SlowPolicy
{
    /// <summary>Nothing is left out: a full queue closes the connection with 4008, and the client may come back for what it missed.</summary>
    Disconnect,

    /// <summary>A newer frame of the same key replaces one that still waits (conflation): for prices and stock.</summary>
    LatestByKey,

    /// <summary>A full queue leaves out the oldest of such frames.</summary>
    DropOldest,
}
