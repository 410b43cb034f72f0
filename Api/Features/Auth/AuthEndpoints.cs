using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using RealtimeSuite.Authentication;

namespace RealtimeSuite.Api.Features.Auth;

/// <summary>Sign-in for people and demos: a password becomes a bearer token.</summary>
internal static class AuthEndpoints
{
    /// <summary>Registers what the endpoints need.</summary>
    public static void AddAuthFeature(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<AuthOptions>()
            .BindConfiguration(AuthOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<UserDirectory>();
        builder.Services.AddSingleton<LoginLimits>();
    }

    /// <summary>Maps <c>/auth</c>.</summary>
    public static void MapAuth(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/auth").WithTags("Auth");
        group
            .MapPost("/login", Login)
            .DisableAntiforgery()
            .WithName("Login")
            .WithSummary("Exchanges a user name and a password for an access token (OAuth 2 password form).")
            .ProducesProblem(StatusCodes.Status401Unauthorized)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapGet("/me", Me).RequireAuthorization().WithName("Me").WithSummary("Who the token speaks for.");
    }

    private static Results<Ok<LoginAnswer>, ProblemHttpResult> Login(
        [FromForm] string username,
        [FromForm] string password,
        UserDirectory users,
        LoginLimits limits,
        TokenIssuer tokens,
        HttpContext context
    )
    {
        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (limits.RetryAfter(username, address) is { } wait)
        {
            context.Response.Headers.RetryAfter = wait.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);
            return TypedResults.Problem(
                "Too many failed logins. Try again later.",
                statusCode: StatusCodes.Status429TooManyRequests
            );
        }

        if (users.Find(username, password) is not { } user)
        {
            limits.Failed(username, address);
            return TypedResults.Problem("Wrong user name or password.", statusCode: StatusCodes.Status401Unauthorized);
        }

        context.Response.Headers.CacheControl = "no-store";
        var token = tokens.Issue(user.Id, user.Name, user.Roles);
        return TypedResults.Ok(new LoginAnswer(token, "bearer", (int)tokens.Lifetime.TotalSeconds));
    }

    private static Ok<MeAnswer> Me(ClaimsPrincipal caller) =>
        TypedResults.Ok(
            new MeAnswer(
                caller.UserId(),
                caller.FindFirstValue(TokenClaims.Name),
                [.. caller.FindAll(TokenClaims.Role).Select(role => role.Value)]
            )
        );
}

/// <summary>Answer of the login (source: RFC 6749, section 5.1).</summary>
/// <param name="AccessToken">The JWT.</param>
/// <param name="TokenType">Always <c>bearer</c>.</param>
/// <param name="ExpiresIn">Seconds until it ends.</param>
internal sealed record LoginAnswer(string AccessToken, string TokenType, int ExpiresIn);

/// <summary>The caller.</summary>
/// <param name="UserId">The <c>sub</c> claim.</param>
/// <param name="Username">Name for people.</param>
/// <param name="Roles">Roles of the token.</param>
internal sealed record MeAnswer(string UserId, string? Username, IReadOnlyList<string> Roles);
