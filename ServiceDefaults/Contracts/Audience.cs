using System.Diagnostics.CodeAnalysis;

namespace RealtimeSuite.Contracts;

/// <summary>Who receives an event. On the wire: the CloudEvents extension attribute <c>audience</c>, for example <c>user:42</c>.</summary>
/// <param name="Kind">The kind, before the colon.</param>
/// <param name="Id">The id or name, after the colon.</param>
public readonly record struct Audience(AudienceKind Kind, string Id)
{
    /// <summary>Everyone, on all sockets of <c>/ws</c>.</summary>
    public static Audience Everyone { get; } = new(AudienceKind.Topic, "notifications");

    /// <summary>All sockets of one user.</summary>
    public static Audience User(string userId) => new(AudienceKind.User, userId);

    /// <summary>Everyone who has the role.</summary>
    public static Audience Role(string role) => new(AudienceKind.Role, role);

    /// <summary>Reads <c>kind:id</c>; false when the kind is unknown or the id is empty.</summary>
    public static bool TryParse([NotNullWhen(true)] string? text, out Audience audience)
    {
        audience = default;
        var colon = text?.IndexOf(':', StringComparison.Ordinal) ?? -1;
        if (colon < 1 || colon == text!.Length - 1)
        {
            return false;
        }

        AudienceKind? kind = text.AsSpan(0, colon) switch
        {
            "user" => AudienceKind.User,
            "topic" => AudienceKind.Topic,
            "order" => AudienceKind.Order,
            "role" => AudienceKind.Role,
            _ => null,
        };
        if (kind is null)
        {
            return false;
        }

        audience = new Audience(kind.Value, text[(colon + 1)..]);
        return true;
    }

    /// <inheritdoc/>
    public override string ToString() =>
        Kind switch
        {
            AudienceKind.User => "user:" + Id,
            AudienceKind.Topic => "topic:" + Id,
            AudienceKind.Order => "order:" + Id,
            _ => "role:" + Id,
        };
}

/// <summary>The kinds of audience.</summary>
public enum AudienceKind
{
    /// <summary>One user, on all sockets.</summary>
    User,

    /// <summary>Everyone subscribed to a topic.</summary>
    Topic,

    /// <summary>Everyone who watches one order.</summary>
    Order,

    /// <summary>Everyone who has a role.</summary>
    Role,
}
