using Microsoft.AspNetCore.Http.HttpResults;
using RealtimeSuite.Api.Aggregates;
using RealtimeSuite.Contracts;
using RealtimeSuite.Http;
using RealtimeSuite.Http.Idempotency;

namespace RealtimeSuite.Api.Features.Users;

/// <summary>Admins add users.</summary>
internal static class UserEndpoints
{
    /// <summary>Registers what the endpoints need.</summary>
    public static void AddUsersFeature(this IHostApplicationBuilder builder)
    {
        builder.AddAggregate(UserAccount.Kind);
        builder.Services.AddSingleton<UserDirectory>();
    }

    /// <summary>Maps <c>/api/users</c>.</summary>
    public static void MapUsers(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/users")
            .WithTags("Users")
            .RequireAuthorization(policy => policy.RequireRole(Roles.Admin))
            .WithRateLimit()
            .WithIdempotency();
        group.MapPost("/", Create).WithName("CreateUser").WithSummary("Adds somebody who can sign in.");
        group.MapGet("/{id}", Get).WithName("GetUser").WithSummary("One user.");
    }

    private static async Task<Results<Created<UserView>, ValidationProblem, ProblemHttpResult>> Create(
        UserInput input,
        UserDirectory users
    )
    {
        if (input.Problems() is { Count: > 0 } problems)
        {
            return TypedResults.ValidationProblem(problems);
        }

        return await users.TryAddAsync(input) is { } user
            ? TypedResults.Created($"/api/users/{user.Id}", ViewOf(user))
            : TypedResults.Problem("The name is taken.", statusCode: StatusCodes.Status409Conflict);
    }

    private static async Task<Results<Ok<UserView>, NotFound>> Get(string id, UserDirectory users) =>
        await users.FindAsync(id) is { } user ? TypedResults.Ok(ViewOf(user)) : TypedResults.NotFound();

    private static UserView ViewOf(UserAccount user) => new(user.Id, user.Roles, user.CreatedAt);
}
