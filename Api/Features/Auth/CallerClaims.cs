using System.Security.Claims;
using RealtimeSuite.Authentication;

namespace RealtimeSuite.Api.Features.Auth;

internal static class CallerClaims
{
    /// <summary>The user id of an authenticated caller.</summary>
    public static string UserId(this ClaimsPrincipal caller) =>
        caller.FindFirstValue(TokenClaims.Subject)
        ?? throw new InvalidOperationException("The endpoint was reached without a user id in the token.");
}
