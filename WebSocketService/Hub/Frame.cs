namespace RealtimeSuite.Gateway.Hub;

/// <summary>The bytes of one message, made once and shared by every connection that gets it. Never changed after creation.</summary>
internal sealed class Frame
{
    private readonly int _header;

    /// <summary>A text message.</summary>
    public Frame(ReadOnlySpan<byte> text, SlowPolicy policy = SlowPolicy.Disconnect, string? key = null)
    {
        Policy = policy;
        Key = key;
        _header = FrameHeader.LengthFor(text.Length);
        var wire = new byte[_header + text.Length];
        FrameHeader.WriteText(wire, text.Length);
        text.CopyTo(wire.AsSpan(_header));
        Wire = wire;
    }

    private Frame(byte[] wire) => Wire = wire;

    /// <summary>A control frame, header and all.</summary>
    public static Frame OfWire(byte[] wire) => new(wire);

    /// <summary>A ping without content.</summary>
    public static Frame Ping { get; } = OfWire([FrameHeader.Ping, 0]);

    /// <summary>As it goes over a connection without compression: the WebSocket header, then the payload. A server's frames have no mask, so they are the same for all.</summary>
    public ReadOnlyMemory<byte> Wire { get; }

    /// <summary>UTF-8 text, without any WebSocket header.</summary>
    public ReadOnlyMemory<byte> Payload => Wire[_header..];

    /// <summary>What happens to it at a client that reads too slowly.</summary>
    public SlowPolicy Policy { get; }

    /// <summary>With <see cref="SlowPolicy.LatestByKey"/>: what it is the latest value of.</summary>
    public string? Key { get; }

    /// <summary>What the frame is of.</summary>
    public FrameKind Kind { get; init; }

    /// <summary>Which event it tells; null when it tells none that has an id.</summary>
    public EventMark? Mark { get; init; }

    /// <summary>What it counts for in a bounded queue. A replay does not: the history bounds it.</summary>
    public int Weight => Kind == FrameKind.Replay ? 0 : Wire.Length - _header;
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
