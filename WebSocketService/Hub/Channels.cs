using RealtimeSuite.Contracts;

namespace RealtimeSuite.Gateway.Hub;

/// <summary>Names of channels. A channel numbers its events and is what connections subscribe to.</summary>
internal static class Channels
{
    private const string AdminChannel = "admin";

    /// <summary>The channel of one user.</summary>
    public static string User(string userId) => "user:" + userId;

    /// <summary>The channel that reaches an audience; null for a role that has none.</summary>
    public static string? For(Audience audience) =>
        audience.Kind switch
        {
            AudienceKind.Role => audience.Id == Roles.Admin ? AdminChannel : null,
            _ => audience.ToString(),
        };
}
