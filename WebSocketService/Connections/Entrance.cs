using RealtimeSuite.Authentication;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>What a socket is subscribed to at its start.</summary>
/// <param name="Topics">The topics that it wants of its channels.</param>
/// <param name="Channels">The channels.</param>
internal sealed record Entrance(Topics Topics, IReadOnlyCollection<string> Channels)
{
    /// <summary>By the kind of socket and who opened it.</summary>
    public static Entrance Of(Surface surface, Caller caller, string? orderId) =>
        surface switch
        {
            Surface.Admin => new Entrance(Hub.Topics.Books, [Hub.Channels.Admin]),
            Surface.Order => new Entrance(Hub.Topics.Orders | Hub.Topics.Untitled, [Hub.Channels.Order(orderId!)]),
            Surface.Products => new Entrance(Hub.Topics.Products | Hub.Topics.Untitled, [Hub.Channels.Products]),
            _ => new Entrance(
                Hub.Topics.Notifications | Hub.Topics.Tasks | Hub.Topics.Untitled,
                [
                    Hub.Channels.User(caller.UserId),
                    Hub.Channels.Everyone,
                    .. caller.Roles.Distinct().Select(Hub.Channels.Role),
                ]
            ),
        };
}
