namespace RealtimeSuite.Contracts.Frames;

/// <summary>A task of the user changed (source: seed 001).</summary>
public sealed record TaskUpdateFrame
{
    /// <summary>Always <c>task_update</c>.</summary>
    public string Type { get; } = FrameTypes.TaskUpdate;

    /// <summary>What happened.</summary>
    public required TaskEvent Event { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Where the event stands.</summary>
    public required EventMeta Meta { get; init; }
}
