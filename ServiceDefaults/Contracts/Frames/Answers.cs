namespace RealtimeSuite.Contracts.Frames;

/// <summary>Answer to <see cref="PingFrame"/>, and to the bare text <c>ping</c> (source: seed 001).</summary>
public sealed record PongFrame
{
    /// <summary>Always <c>pong</c>.</summary>
    public string Type { get; } = FrameTypes.Pong;

    /// <summary>The server's time, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>Answer to <see cref="SubscribeFrame"/> and <see cref="UnsubscribeFrame"/> (source: wire contract, section 2).</summary>
public sealed record SubscriptionFrame
{
    /// <summary>Always <c>subscription</c>.</summary>
    public string Type { get; } = FrameTypes.Subscription;

    /// <summary><c>subscribed</c> or <c>unsubscribed</c>.</summary>
    public required string Status { get; init; }

    /// <summary>The topics to which that applies.</summary>
    public required IReadOnlyList<string> Topics { get; init; }

    /// <summary>The topics that were refused: not allowed, no valid name, or too many.</summary>
    public required IReadOnlyList<string> Rejected { get; init; }
}

/// <summary>Answer to <see cref="AuthFrame"/> (source: wire contract, section 2).</summary>
public sealed record AuthRefreshedFrame
{
    /// <summary>Always <c>auth</c>.</summary>
    public string Type { get; } = FrameTypes.Auth;

    /// <summary>Always <c>refreshed</c>.</summary>
    public string Status { get; } = "refreshed";

    /// <summary>When the new token ends, UTC; the socket closes with 4001 unless another comes before.</summary>
    public required DateTimeOffset ExpiresAt { get; init; }
}

/// <summary>Answer to a message that is not understood; the connection lives (source: wire contract, section 2).</summary>
public sealed record ErrorFrame
{
    /// <summary>Always <c>error</c>.</summary>
    public string Type { get; } = FrameTypes.Error;

    /// <summary>For programs, for example <c>invalid_json</c> or <c>unknown_type</c>.</summary>
    public required string Code { get; init; }

    /// <summary>A sentence for people.</summary>
    public required string Message { get; init; }
}

/// <summary>The server restarts and closes with 1012 after this frame (source: wire contract, section 5).</summary>
public sealed record ReconnectFrame
{
    /// <summary>Always <c>reconnect</c>.</summary>
    public string Type { get; } = FrameTypes.Reconnect;

    /// <summary>Milliseconds to wait before the client connects again.</summary>
    public required int AfterMs { get; init; }
}

/// <summary>
/// Where the channels of a socket that resumes stand, before any live event of them; the missing events follow (source: wire contract,
/// section 4). Comes unasked, with <c>recovered:false</c>, when events of a channel were lost on the way.
/// </summary>
public sealed record ResumedFrame
{
    /// <summary>Always <c>resumed</c>.</summary>
    public string Type { get; } = FrameTypes.Resumed;

    /// <summary>What became of each channel.</summary>
    public required IReadOnlyDictionary<string, ChannelRecovery> Channels { get; init; }
}

/// <summary>What became of one channel.</summary>
/// <param name="Recovered">Whether nothing is missing since the client's position; false means that the client must read the state again.</param>
/// <param name="Replayed">How many events follow from the history.</param>
/// <param name="Offset">Where the channel stands now; zero while that is not known.</param>
/// <param name="Epoch">The epoch in which it stands; empty while that is not known.</param>
public sealed record ChannelRecovery(bool Recovered, int Replayed, long Offset, string Epoch);
