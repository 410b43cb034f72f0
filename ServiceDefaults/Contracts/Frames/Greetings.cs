using System.Text.Json.Serialization;

namespace RealtimeSuite.Contracts.Frames;

/// <summary>First frame of <c>/ws</c> (source: seed 004).</summary>
public sealed record ConnectionFrame
{
    /// <summary>Always <c>connection</c>.</summary>
    public string Type { get; } = FrameTypes.Connection;

    /// <summary>Always <c>connected</c>.</summary>
    public string Status { get; } = "connected";

    /// <summary>Unique per connection; a UUID.</summary>
    public required string ClientId { get; init; }

    /// <summary>The server's time, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>Second frame of <c>/ws</c> (source: seed 001).</summary>
public sealed record ConnectedFrame
{
    /// <summary>Always <c>connected</c>.</summary>
    public string Type { get; } = FrameTypes.Connected;

    /// <summary>A sentence for people.</summary>
    public string Message { get; } = "WebSocket connected successfully";

    /// <summary>Whose events arrive: the token's <c>sub</c>.</summary>
    public required string UserId { get; init; }

    /// <summary>The server's time, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}

/// <summary>Third frame of <c>/ws</c> (source: seed 004).</summary>
public sealed record InitialStateFrame
{
    /// <summary>Always <c>initial_state</c>.</summary>
    public string Type { get; } = FrameTypes.InitialState;

    /// <summary>The state.</summary>
    public required InitialState Data { get; init; }

    /// <summary>Present, and true, when the state could not be read: it is then empty, and the REST paths have it.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? Partial { get; init; }
}

/// <summary>What a user sees at once (source: seed 004).</summary>
/// <param name="Notifications">The newest 50, newest first.</param>
/// <param name="UnreadCount">How many are unread, of all.</param>
public sealed record InitialState(IReadOnlyList<Notification> Notifications, long UnreadCount);

/// <summary>First frame of an order's and of the products' socket (source: seed 003).</summary>
public sealed record ConnectionEstablishedFrame
{
    /// <summary>Always <c>connection_established</c>.</summary>
    public string Type { get; } = FrameTypes.ConnectionEstablished;

    /// <summary>What was established.</summary>
    public required EstablishedConnection Data { get; init; }
}

/// <summary>What a new connection is subscribed to (source: seed 003, which prints no fields).</summary>
public sealed record EstablishedConnection
{
    /// <summary>The order; absent on the products' socket.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? OrderId { get; init; }

    /// <summary>The channel, for example <c>order:123e4567-e89b-12d3-a456-426614174000</c>.</summary>
    public required string Channel { get; init; }

    /// <summary>Unique per connection; a UUID.</summary>
    public required string ClientId { get; init; }

    /// <summary>The server's time, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }
}
