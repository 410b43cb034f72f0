using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.Cookies;
using Microsoft.IdentityModel.JsonWebTokens;
using RealtimeSuite.Authentication;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Web.SignIn;

/// <summary>
/// What the cookie holds, encrypted: who signed in, with which roles, and the access token with which Web speaks for them. It ends with the
/// token. Pages see it on the server alone.
/// </summary>
internal static class Session
{
    private const string TokenClaim = "access_token";
    private const string EndClaim = "session_end";

    /// <summary>The session that a fresh token of the Api opens. The Api has just made it, so its claims are read and not proved again.</summary>
    public static (ClaimsPrincipal User, DateTimeOffset EndsAt) Open(string accessToken)
    {
        var token = new JsonWebToken(accessToken);
        var endsAt = new DateTimeOffset(token.ValidTo, TimeSpan.Zero);
        var identity = new ClaimsIdentity(
            CookieAuthenticationDefaults.AuthenticationScheme,
            TokenClaims.Subject,
            TokenClaims.Role
        );
        identity.AddClaims(
            token
                .Claims.Where(claim => claim.Type is TokenClaims.Subject or TokenClaims.Name or TokenClaims.Role)
                .Select(claim => new Claim(claim.Type, claim.Value))
        );
        identity.AddClaim(new Claim(TokenClaim, accessToken));
        identity.AddClaim(new Claim(EndClaim, endsAt.ToUnixTimeSeconds().ToString()));
        return (new ClaimsPrincipal(identity), endsAt);
    }

    /// <summary>The token to speak with; null for nobody.</summary>
    public static string? AccessToken(this ClaimsPrincipal user) => user.FindFirstValue(TokenClaim);

    /// <summary>When the token ends; the beginning of time for nobody.</summary>
    public static DateTimeOffset EndsAt(this ClaimsPrincipal user) =>
        long.TryParse(user.FindFirstValue(EndClaim), out var seconds)
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.MinValue;

    /// <summary>Name for people; empty for nobody.</summary>
    public static string DisplayName(this ClaimsPrincipal user) =>
        user.FindFirstValue(TokenClaims.Name) ?? user.Identity?.Name ?? "";

    /// <summary>Whether that is an operator.</summary>
    public static bool IsAdmin(this ClaimsPrincipal user) => user.IsInRole(Roles.Admin);
}
