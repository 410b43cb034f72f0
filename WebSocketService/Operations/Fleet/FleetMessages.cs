using System.Text.Json.Serialization;
using RealtimeSuite.Gateway.Operations.Live;
using RealtimeSuite.Gateway.Operations.Tail;

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

    /// <summary>Of a list: only what mentions this text.</summary>
    public string? Search { get; init; }

    /// <summary>Of a list of connections: one of <see cref="ConnectionOrder"/>.</summary>
    public string Sort { get; init; } = ConnectionOrder.Default;

    /// <summary>Of a list: from the end.</summary>
    public bool IsDescending { get; init; }

    /// <summary>Of a list: only what comes after this key.</summary>
    public string? After { get; init; }

    /// <summary>Of a list: most entries in the answer.</summary>
    public int Limit { get; init; }

    /// <summary>Compares keys in the order of the list.</summary>
    [JsonIgnore]
    public IComparer<string> Order =>
        IsDescending
            ? Comparer<string>.Create(static (left, right) => string.CompareOrdinal(right, left))
            : StringComparer.Ordinal;

    /// <summary>Whether a key is on the page or behind it.</summary>
    public bool IsAfterCursor(string key) => After is null || Order.Compare(key, After) > 0;

    /// <summary>Whether a text fits the search.</summary>
    public bool IsMentionedBy(string text) =>
        Search is null || text.Contains(Search, StringComparison.OrdinalIgnoreCase);
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

    /// <summary>Say how it is doing.</summary>
    Figures,

    /// <summary>Say how it was doing over the last 15 minutes.</summary>
    History,

    /// <summary>Tell what happens to events, for the next few seconds.</summary>
    Tail,
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

    /// <summary>How many entries match, of which the page is a part.</summary>
    public int Total { get; init; }

    /// <summary>How it is doing.</summary>
    public ReplicaFigures? Figures { get; init; }

    /// <summary>How it was doing, oldest first.</summary>
    public IReadOnlyList<FiguresPoint> Points { get; init; } = [];
}

/// <summary>The Redis channels between replicas.</summary>
internal static class FleetChannels
{
    /// <summary>Every replica listens here.</summary>
    public const string Requests = "fleet";

    /// <summary>Replicas with readers of the tail listen here.</summary>
    public const string Tail = "fleet:tail";

    /// <summary>One replica listens here.</summary>
    public static string Answers(string replicaId) => "fleet:" + replicaId;
}

/// <summary>How all of them are written.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull
)]
[JsonSerializable(typeof(FleetRequest))]
[JsonSerializable(typeof(FleetAnswer))]
[JsonSerializable(typeof(LiveFigures))]
[JsonSerializable(typeof(LiveHistory))]
[JsonSerializable(typeof(TailBatch))]
[JsonSerializable(typeof(TailState))]
internal sealed partial class FleetJson : JsonSerializerContext;
