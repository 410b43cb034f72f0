using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Operations.Live;

namespace RealtimeSuite.Gateway.Operations.Fleet;

/// <summary>What a request does on this replica. Only memory is touched; nothing waits.</summary>
internal sealed class FleetActions(
    ConnectionRegistry registry,
    ChannelHub hub,
    FiguresSampler sampler,
    GatewayTelemetry telemetry,
    Replica replica,
    TimeProvider clock
)
{
    /// <summary>Does it and answers.</summary>
    public FleetAnswer Handle(FleetRequest request)
    {
        var answer = new FleetAnswer(request.Id, replica.Id);
        switch (request.Action)
        {
            case FleetAction.Close:
                return answer with { Closed = Close(request) };
            case FleetAction.Connections:
                return Connections(request, answer);
            case FleetAction.Channels:
                return Channels(request, answer);
            case FleetAction.Figures:
                return answer with { Figures = sampler.Latest };
            case FleetAction.History:
                return answer with { Points = sampler.History };
            default:
                telemetry.Deliveries.Tail.TurnOn(clock.GetTimestamp());
                return answer;
        }
    }

    // A request that names nothing closes nothing.
    private int Close(FleetRequest request) =>
        request is { ClientId: null, UserId: null, Channel: null }
            ? 0
            : registry.CloseWhere(connection => Matches(connection, request), DisconnectReason.DisconnectedByOperator);

    private FleetAnswer Connections(FleetRequest request, FleetAnswer answer)
    {
        var matching = registry
            .All.Where(connection => Matches(connection, request))
            .Select(connection => (Key: ConnectionOrder.KeyOf(connection, request.Sort, replica.Id), connection))
            .ToList();
        return answer with
        {
            Total = matching.Count,
            Connections =
            [
                .. matching
                    .Where(entry => request.IsAfterCursor(entry.Key))
                    .OrderBy(entry => entry.Key, request.Order)
                    .Take(request.Limit)
                    .Select(entry => ListedConnection.Of(entry.connection, replica.Id)),
            ],
        };
    }

    private FleetAnswer Channels(FleetRequest request, FleetAnswer answer) =>
        answer with
        {
            Channels =
            [
                .. hub
                    .Channels.Where(channel =>
                        channel.Value > 0 && request.IsMentionedBy(channel.Key) && request.IsAfterCursor(channel.Key)
                    )
                    .OrderBy(channel => channel.Key, request.Order)
                    .Take(request.Limit)
                    .Select(channel => new ListedChannel(
                        channel.Key,
                        channel.Value,
                        Math.Round(telemetry.Deliveries.Channels.RateOf(channel.Key), 2)
                    )),
            ],
        };

    private static bool Matches(Connection connection, FleetRequest request) =>
        (request.ClientId is null || request.ClientId == connection.ClientId)
        && (request.UserId is null || request.UserId == connection.UserId)
        && (request.Channel is null || connection.Channels.Contains(request.Channel))
        && (
            request.Search is null
            || request.IsMentionedBy(connection.UserId)
            || request.IsMentionedBy(connection.ClientId)
            || request.IsMentionedBy(connection.Address)
            || connection.Channels.Any(request.IsMentionedBy)
        );
}
