using System.Text.Json.Serialization;

namespace RealtimeSuite.Gateway.Operations.Fleet;

/// <summary>What one replica asks of all, itself included. JSON on the Redis channel <see cref="FleetChannels.Requests"/>.</summary>
/// <param name="Id">Unique per request.</param>
/// <param name="ReplyTo">The replica that asks.</param>
/// <param name="Action">What is asked.</param>
internal sealed record FleetRequest(string Id, string ReplyTo, FleetAction Action)
{
    /// <summary>Only this connection.</summary>
    public string? ClientId { get; init; }

    /// <summary>Only connections of this user.</summary>
    public string? UserId { get; init; }

    /// <summary>Only connections on this channel.</summary>
    public string? Channel { get; init; }

    /// <summary>Of a list: only what comes after this id or name.</summary>
    public string? After { get; init; }

    /// <summary>Of a list: most entries in the answer.</summary>
    public int Limit { get; init; }
}

/// <summary>What a replica can be asked.</summary>
internal enum FleetAction
{
    /// <summary>Close the connections that match.</summary>
    Close,

    /// <summary>List connections by client id.</summary>
    Connections,

    /// <summary>List channels by name.</summary>
    Channels,
}

/// <summary>What a replica answers. JSON on the Redis channel <see cref="FleetChannels.Answers"/>.</summary>
/// <param name="RequestId">The request.</param>
/// <param name="Replica">Who answers.</param>
internal sealed record FleetAnswer(string RequestId, string Replica)
{
    /// <summary>How many connections were closed.</summary>
    public int Closed { get; init; }

    /// <summary>A page of connections, by client id.</summary>
    public IReadOnlyList<ListedConnection> Connections { get; init; } = [];

    /// <summary>A page of channels, by name.</summary>
    public IReadOnlyList<ListedChannel> Channels { get; init; } = [];
}

/// <summary>A connection in a list. Names its user, never a token.</summary>
/// <param name="ClientId">The id of its first frame.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Surface">The kind of socket: <c>user</c>, <c>admin</c>, <c>order</c> or <c>products</c>.</param>
/// <param name="Address">The client's network address.</param>
/// <param name="OpenedAt">Since when, UTC.</param>
/// <param name="Replica">Where it is.</param>
/// <param name="Channels">What it is subscribed to.</param>
internal sealed record ListedConnection(
    string ClientId,
    string UserId,
    string Surface,
    string Address,
    DateTimeOffset OpenedAt,
    string Replica,
    IReadOnlyList<string> Channels
);

/// <summary>A channel in a list.</summary>
/// <param name="Channel">Its name.</param>
/// <param name="Connections">How many connections are subscribed to it.</param>
internal sealed record ListedChannel(string Channel, int Connections);

/// <summary>The Redis channels between replicas.</summary>
internal static class FleetChannels
{
    /// <summary>Every replica listens here.</summary>
    public const string Requests = "fleet";

    /// <summary>One replica listens here.</summary>
    public static string Answers(string replicaId) => "fleet:" + replicaId;
}

/// <summary>How both are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(FleetRequest))]
[JsonSerializable(typeof(FleetAnswer))]
internal sealed partial class FleetJson : JsonSerializerContext;
