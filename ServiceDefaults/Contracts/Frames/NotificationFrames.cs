namespace RealtimeSuite.Contracts.Frames;

/// <summary>A notification as users see it (source: seed 004).</summary>
public sealed record Notification
{
    /// <summary>A UUID.</summary>
    public required string Id { get; init; }

    /// <summary>A few words.</summary>
    public required string Title { get; init; }

    /// <summary>The text.</summary>
    public required string Message { get; init; }

    /// <summary>How urgent, for example <c>info</c>.</summary>
    public required string Level { get; init; }

    /// <summary>What it is about, for example <c>system</c>.</summary>
    public required string Category { get; init; }

    /// <summary>When it was created, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>Whether the user has read it.</summary>
    public required bool Read { get; init; }
}

/// <summary>What changed on a notification (source: seed 004).</summary>
/// <param name="Id">The notification.</param>
/// <param name="Read">Whether the user has read it.</param>
public sealed record NotificationChange(string Id, bool Read);

/// <summary>The types of notification events as CloudEvents.</summary>
public static class NotificationEventTypes
{
    /// <summary>Its data is a <see cref="Notification"/>.</summary>
    public const string Created = "notification.created";

    /// <summary>Its data is a <see cref="NotificationChange"/>.</summary>
    public const string Updated = "notification.updated";
}

/// <summary>A notification came (source: seed 004).</summary>
public sealed record NotificationCreatedFrame
{
    /// <summary>Always <c>notification</c>.</summary>
    public string Type { get; } = FrameTypes.Notification;

    /// <summary>Always <c>created</c>.</summary>
    public string Action { get; } = "created";

    /// <summary>The notification.</summary>
    public required Notification Data { get; init; }

    /// <summary>Where the event stands.</summary>
    public required EventMeta Meta { get; init; }
}

/// <summary>A notification changed (source: seed 004).</summary>
public sealed record NotificationUpdatedFrame
{
    /// <summary>Always <c>notification</c>.</summary>
    public string Type { get; } = FrameTypes.Notification;

    /// <summary>Always <c>updated</c>.</summary>
    public string Action { get; } = "updated";

    /// <summary>What changed.</summary>
    public required NotificationChange Data { get; init; }

    /// <summary>Where the event stands.</summary>
    public required EventMeta Meta { get; init; }
}
