using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using RealtimeSuite.Authentication;
using RealtimeSuite.Http;
using RealtimeSuite.Http.Idempotency;
using RealtimeSuite.Notifications.Store;

namespace RealtimeSuite.Notifications.Endpoints;

/// <summary>What the caller does not want to hear of.</summary>
internal static class PreferenceEndpoints
{
    private const int MaxMuted = 100;

    /// <summary>Maps <c>/api/notifications/preferences</c>.</summary>
    public static void MapPreferences(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/notifications/preferences")
            .WithTags("Preferences")
            .RequireAuthorization()
            .WithRateLimit()
            .WithIdempotency();
        group.MapGet("/", Get).WithName("GetPreferences").WithSummary("The categories that the caller has muted.");
        group
            .MapPut("/", Put)
            .WithName("PutPreferences")
            .WithSummary("Mutes categories: no new notifications of them, and broadcasts of them are left out.");
    }

    private static async Task<Ok<Preferences>> Get(HttpContext context, PreferenceStore preferences) =>
        TypedResults.Ok(new Preferences(await preferences.MutedAsync(UserOf(context))));

    private static async Task<Results<Ok<Preferences>, ValidationProblem>> Put(
        Preferences input,
        HttpContext context,
        PreferenceStore preferences
    )
    {
        if (input.MutedCategories is not { Count: <= MaxMuted } categories || !categories.All(NotificationInput.IsName))
        {
            return TypedResults.ValidationProblem(
                new Dictionary<string, string[]>(StringComparer.Ordinal)
                {
                    ["muted_categories"] = [$"A list of at most {MaxMuted} categories. {NotificationInput.NameForm}"],
                }
            );
        }

        await preferences.MuteAsync(UserOf(context), categories);
        return TypedResults.Ok(new Preferences(await preferences.MutedAsync(UserOf(context))));
    }

    private static string UserOf(HttpContext context) => context.Features.GetRequiredFeature<Caller>().UserId;
}

/// <summary>What a user does not want to hear of.</summary>
/// <param name="MutedCategories">Categories of notifications.</param>
internal sealed record Preferences(IReadOnlyList<string>? MutedCategories);
