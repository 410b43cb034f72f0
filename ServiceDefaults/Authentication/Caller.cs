namespace RealtimeSuite.Authentication;

/// <summary>Who a token speaks for.</summary>
/// <param name="UserId">The <c>sub</c> claim.</param>
/// <param name="Roles">The <c>role</c> claims.</param>
/// <param name="ExpiresAt">When the token ends.</param>
public sealed record Caller(string UserId, IReadOnlyList<string> Roles, DateTimeOffset ExpiresAt)
{
    /// <summary>The <c>jti</c> claim; null for a token without one, which can only be revoked with its user.</summary>
    public string? TokenId { get; init; }

    /// <summary>The <c>iat</c> claim; null for a token without one.</summary>
    public DateTimeOffset? IssuedAt { get; init; }

    /// <summary>Whether the token carries the role.</summary>
    public bool IsInRole(string role) => Roles.Contains(role, StringComparer.Ordinal);
}
