using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.Extensions.Options;
using RealtimeSuite.Api.Features.Users;
using RealtimeSuite.Authentication;
using RealtimeSuite.Contracts;
using RealtimeSuite.Http;

namespace RealtimeSuite.Api.Features.Auth;

/// <summary>Sign-in for people and demos: a password becomes a bearer token, a token a ticket; and the end of both before their time.</summary>
internal static partial class AuthEndpoints
{
    /// <summary>Registers what the endpoints need.</summary>
    public static void AddAuthFeature(this IHostApplicationBuilder builder)
    {
        builder.AddTickets();
        builder.AddRevocations();
        builder
            .Services.AddOptions<AuthOptions>()
            .BindConfiguration(AuthOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
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
            .ProducesProblem(StatusCodes.Status404NotFound)
            .ProducesProblem(StatusCodes.Status429TooManyRequests);
        group.MapGet("/me", Me).RequireAuthorization().WithName("Me").WithSummary("Who the token speaks for.");
        group
            .MapPost("/ticket", Ticket)
            .RequireAuthorization()
            .WithRateLimit()
            .WithName("CreateTicket")
            .WithSummary("A ticket for the address of one socket: stands for the token once, for a short time.");
        group
            .MapPost("/revoke", Revoke)
            .RequireAuthorization(policy => policy.RequireRole(Roles.Admin))
            .WithName("Revoke")
            .WithSummary("Revokes one token, or all that a user has; their sockets are closed.");
    }

    private static async Task<Results<Ok<LoginAnswer>, ProblemHttpResult>> Login(
        [FromForm] string username,
        [FromForm] string password,
        UserDirectory users,
        LoginLimits limits,
        TokenIssuer tokens,
        Revocations revocations,
        IOptions<JwtOptions> jwt,
        HttpContext context
    )
    {
        if (!tokens.CanIssue)
        {
            return TypedResults.Problem(
                $"This service issues no tokens. Sign in at {jwt.Value.Authority}.",
                statusCode: StatusCodes.Status404NotFound
            );
        }

        var address = context.Connection.RemoteIpAddress?.ToString() ?? "";
        if (limits.RetryAfter(username, address) is { } wait)
        {
            context.Response.Headers.RetryAfter = wait.TotalSeconds.ToString("F0", CultureInfo.InvariantCulture);
            return TypedResults.Problem(
                "Too many failed logins. Try again later.",
                statusCode: StatusCodes.Status429TooManyRequests
            );
        }

        if (await users.SignInAsync(username, password) is not { } user)
        {
            limits.Failed(username, address);
            return TypedResults.Problem("Wrong user name or password.", statusCode: StatusCodes.Status401Unauthorized);
        }

        await revocations.SettleAsync(user.Id, context.RequestAborted);
        context.Response.Headers.CacheControl = "no-store";
        var token = tokens.Issue(user.Id, user.Id, user.Roles);
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

    private static async Task<Ok<TicketAnswer>> Ticket(TicketStore tickets, HttpContext context)
    {
        context.Response.Headers.CacheControl = "no-store";
        var ticket = await tickets.IssueAsync(context.Features.GetRequiredFeature<Caller>());
        return TypedResults.Ok(new TicketAnswer(ticket, (int)tickets.Lifetime.TotalSeconds));
    }

    private static async Task<Results<NoContent, ValidationProblem>> Revoke(
        RevokeInput input,
        ClaimsPrincipal caller,
        Revocations revocations,
        ILogger<Revocations> logger
    )
    {
        if (input.Problems() is { Count: > 0 } problems)
        {
            return TypedResults.ValidationProblem(problems);
        }

        if (input.UserId is { } userId)
        {
            await revocations.RevokeUserAsync(userId);
            Log.UserRevoked(logger, userId, caller.UserId());
        }
        else
        {
            await revocations.RevokeTokenAsync(input.TokenId!);
            Log.TokenRevoked(logger, input.TokenId!, caller.UserId());
        }

        return TypedResults.NoContent();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "All tokens of {UserId} were revoked by {Admin}")]
        public static partial void UserRevoked(ILogger logger, string userId, string admin);

        [LoggerMessage(LogLevel.Information, "The token {TokenId} was revoked by {Admin}")]
        public static partial void TokenRevoked(ILogger logger, string tokenId, string admin);
    }
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

/// <summary>A ticket.</summary>
/// <param name="Ticket">Random text; goes into the address of a socket as <c>?ticket=</c>.</param>
/// <param name="ExpiresIn">Seconds until it ends.</param>
internal sealed record TicketAnswer(string Ticket, int ExpiresIn);
