using RealtimeSuite.Authentication;
using RealtimeSuite.Gateway.Connections;

namespace RealtimeSuite.Gateway.Accept;

/// <summary>The paths of the sockets.</summary>
internal static class SocketRoutes
{
    private const string OrderId = "order_id";

    /// <summary>Maps all four.</summary>
    public static void MapSockets(this WebApplication app)
    {
        Map(app, "/ws", Surface.User);
        Map(app, "/ws/admin", Surface.Admin);
        Map(app, "/api/v1/ws/orders/{order_id}", Surface.Order);
        Map(app, "/api/v1/ws/products", Surface.Products);
    }

    private static void Map(WebApplication app, string path, Surface surface) =>
        app.MapGet(
                path,
                (HttpContext context, SocketEndpoint endpoint) =>
                    endpoint.AcceptAsync(context, surface, context.GetRouteValue(OrderId) as string)
            )
            .WithMetadata(new AuthenticatesItself())
            .ExcludeFromDescription();
}
