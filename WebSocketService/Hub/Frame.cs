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
