using RealtimeSuite.Gateway.Connections;

namespace RealtimeSuite.Gateway.Operations.Fleet;

/// <summary>A connection in a list. Names its user, never a token.</summary>
/// <param name="ClientId">The id of its first frame.</param>
/// <param name="UserId">Whose it is.</param>
/// <param name="Surface">The kind of socket: <c>user</c>, <c>admin</c>, <c>order</c> or <c>products</c>.</param>
/// <param name="Address">The client's network address.</param>
/// <param name="OpenedAt">Since when, UTC.</param>
/// <param name="Replica">Where it is.</param>
/// <param name="Channels">What it is subscribed to.</param>
/// <param name="Delivered">Events that were written to it.</param>
/// <param name="QueuedBytes">Bytes that wait to be written to it.</param>
internal sealed record ListedConnection(
    string ClientId,
    string UserId,
    string Surface,
    string Address,
    DateTimeOffset OpenedAt,
    string Replica,
    IReadOnlyList<string> Channels,
    long Delivered,
    long QueuedBytes
)
{
    /// <summary>A connection of this replica.</summary>
    public static ListedConnection Of(Connection connection, string replica) =>
        new(
            connection.ClientId,
            connection.UserId,
            NameOf(connection.Surface),
            connection.Address,
            connection.OpenedAt,
            replica,
            [.. connection.Channels.Order(StringComparer.Ordinal)],
            connection.Delivered,
            connection.Queue.Bytes
        );

    /// <summary>The kind of socket as it is written.</summary>
    public static string NameOf(Surface surface) => surface.ToString().ToLowerInvariant();
}

/// <summary>A channel in a list.</summary>
/// <param name="Channel">Its name.</param>
/// <param name="Connections">How many connections are subscribed to it.</param>
/// <param name="Rate">Events a second, a mean over the last seconds.</param>
internal sealed record ListedChannel(string Channel, int Connections, double Rate)
{
    /// <summary>The number of its last event; null while the history cannot be read.</summary>
    public long? Offset { get; init; }

    /// <summary>The epoch of that number.</summary>
    public string? Epoch { get; init; }
}
