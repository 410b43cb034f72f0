using RealtimeSuite.Contracts;

namespace RealtimeSuite.Gateway.Hub;

/// <summary>Names of channels. A channel numbers its events and is what connections subscribe to.</summary>
internal static class Channels
{
    /// <summary>Books and what else is for admins.</summary>
    public const string Admin = "admin";

    /// <summary>Products, prices and stock.</summary>
    public const string Products = "products";

    /// <summary>Notifications for everyone.</summary>
    public static readonly string Everyone = Topic("notifications");

    /// <summary>One user.</summary>
    public static string User(string userId) => "user:" + userId;

    /// <summary>One order.</summary>
    public static string Order(string orderId) => "order:" + orderId;

    /// <summary>A topic that any backend may use.</summary>
    public static string Topic(string name) => "topic:" + name;

    /// <summary>Everyone who has a role.</summary>
    public static string Role(string role) => role == Roles.Admin ? Admin : "role:" + role;

    /// <summary>The channel that reaches an audience.</summary>
    public static string For(Audience audience) =>
        audience switch
        {
            { Kind: AudienceKind.Role } => Role(audience.Id),
            { Kind: AudienceKind.Topic, Id: "products" or "inventory" } => Products,
            { Kind: AudienceKind.Topic, Id: "books" } => Admin,
            _ => audience.ToString(),
        };
}
