using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Operations.Fleet;

/// <summary>What a request does on this replica. Only memory is touched; nothing waits.</summary>
internal sealed class FleetActions(ConnectionRegistry registry, ChannelHub hub, Replica replica)
{
    /// <summary>Does it and answers.</summary>
    public FleetAnswer Handle(FleetRequest request)
    {
        var answer = new FleetAnswer(request.Id, replica.Id);
        return request.Action switch
        {
            FleetAction.Close => answer with { Closed = Close(request) },
            FleetAction.Connections => answer with { Connections = Connections(request) },
            _ => answer with { Channels = Channels(request) },
        };
    }

    // A request that names nothing closes nothing.
    private int Close(FleetRequest request) =>
        request is { ClientId: null, UserId: null, Channel: null }
            ? 0
            : registry.CloseWhere(connection => Matches(connection, request), DisconnectReason.DisconnectedByOperator);

    private List<ListedConnection> Connections(FleetRequest request) =>
        [
            .. registry
                .All.Where(connection => Matches(connection, request) && IsAfter(connection.ClientId, request))
                .OrderBy(connection => connection.ClientId, StringComparer.Ordinal)
                .Take(request.Limit)
                .Select(connection => new ListedConnection(
                    connection.ClientId,
                    connection.UserId,
                    connection.Surface.ToString().ToLowerInvariant(),
                    connection.Address,
                    connection.OpenedAt,
                    replica.Id,
                    [.. connection.Channels.Order(StringComparer.Ordinal)]
                )),
        ];

    private List<ListedChannel> Channels(FleetRequest request) =>
        [
            .. hub
                .Channels.Where(channel => channel.Value > 0 && IsAfter(channel.Key, request))
                .OrderBy(channel => channel.Key, StringComparer.Ordinal)
                .Take(request.Limit)
                .Select(channel => new ListedChannel(channel.Key, channel.Value)),
        ];

    private static bool Matches(Connection connection, FleetRequest request) =>
        (request.ClientId is null || request.ClientId == connection.ClientId)
        && (request.UserId is null || request.UserId == connection.UserId)
        && (request.Channel is null || connection.Channels.Contains(request.Channel));

    private static bool IsAfter(string key, FleetRequest request) =>
        request.After is null || string.CompareOrdinal(key, request.After) > 0;
}
