namespace RealtimeSuite.Contracts.Frames;

/// <summary>Keep-alive; the bare text <c>ping</c> means the same (sources: seeds 001, 000).</summary>
public sealed record PingFrame
{
    /// <summary>Always <c>ping</c>.</summary>
    public string Type { get; } = FrameTypes.Ping;
}

/// <summary>Asks for topics (source: seed 004).</summary>
public sealed record SubscribeFrame
{
    /// <summary>Always <c>subscribe</c>.</summary>
    public string Type { get; } = FrameTypes.Subscribe;

    /// <summary>Names of topics.</summary>
    public required IReadOnlyList<string> Topics { get; init; }
}

/// <summary>Gives topics up (source: seed 004).</summary>
public sealed record UnsubscribeFrame
{
    /// <summary>Always <c>unsubscribe</c>.</summary>
    public string Type { get; } = FrameTypes.Unsubscribe;

    /// <summary>Names of topics.</summary>
    public required IReadOnlyList<string> Topics { get; init; }
}

/// <summary>Brings a fresh token of the same user before the old one ends (source: wire contract, section 2).</summary>
public sealed record AuthFrame
{
    /// <summary>Always <c>auth</c>.</summary>
    public string Type { get; } = FrameTypes.Auth;

    /// <summary>The token; its <c>sub</c> must be the connection's user, else 4003.</summary>
    public required string Token { get; init; }
}

/// <summary>Asks for what was missed (source: wire contract, section 4).</summary>
public sealed record ResumeFrame
{
    /// <summary>Always <c>resume</c>.</summary>
    public string Type { get; } = FrameTypes.Resume;

    /// <summary>The last position read, by channel.</summary>
    public required IReadOnlyDictionary<string, ChannelPosition> Positions { get; init; }
}
