using System.ComponentModel;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Http.HttpResults;
using RealtimeSuite.Authentication;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Http;
using RealtimeSuite.Http.Idempotency;
using RealtimeSuite.Notifications.Store;

namespace RealtimeSuite.Notifications.Endpoints;

/// <summary>The notifications of the caller. Every change arrives as a <c>notification</c> frame on the caller's sockets.</summary>
internal static class NotificationEndpoints
{
    /// <summary>Maps <c>/api/notifications</c>.</summary>
    public static void MapNotifications(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/notifications")
            .WithTags("Notifications")
            .RequireAuthorization()
            .WithRateLimit()
            .WithIdempotency();
        group
            .MapGet("/", List)
            .WithName("ListNotifications")
            .WithSummary(
                "The caller's notifications and the broadcasts to the caller's roles and everyone, newest first."
            );
        group.MapGet("/unread-count", CountUnread).WithName("CountUnread").WithSummary("How many are unread.");
        group.MapGet("/{id:guid}", Get).WithName("GetNotification").WithSummary("One notification of the caller.");
        group
            .MapPost("/", Create)
            .RequireAuthorization(policy => policy.RequireRole(Roles.Admin, Roles.Service))
            .WithName("CreateNotification")
            .WithSummary("Tells a user, a role or everyone. 204 when the user has muted the category.");
        group.MapPost("/{id:guid}/read", MarkRead).WithName("MarkRead").WithSummary("Marks one as read.");
        group.MapPost("/read-all", MarkAllRead).WithName("MarkAllRead").WithSummary("Marks all as read.");
        group
            .MapDelete("/{id:guid}", Delete)
            .WithName("DeleteNotification")
            .WithSummary("Removes one from the caller's list.");
    }

    private static async Task<Results<Ok<Page<Notification>>, ValidationProblem>> List(
        HttpContext context,
        NotificationReader reader,
        [Description("Only those not read.")] bool unread = false,
        [Description("The next_cursor of the page before.")] string? cursor = null,
        [Description("Items a page, 1 to 200.")] int limit = Paged.DefaultSize
    )
    {
        if (!Paged.TryRead(cursor, out var lastId))
        {
            return Invalid("cursor", "This is no cursor of an earlier page.");
        }

        if (limit is < 1 or > Paged.MaxSize)
        {
            return Invalid("limit", $"1 to {Paged.MaxSize}.");
        }

        var caller = CallerOf(context);
        var list = await reader.ReadAsync(caller.UserId, caller.Roles, limit, lastId, unread);
        return TypedResults.Ok(
            new Page<Notification>(list.Items, list.HasMore ? Paged.CursorAfter(list.Items[^1].Id) : null)
        );
    }

    private static async Task<Ok<UnreadCount>> CountUnread(HttpContext context, NotificationReader reader)
    {
        var caller = CallerOf(context);
        return TypedResults.Ok(new UnreadCount(await reader.CountUnreadAsync(caller.UserId, caller.Roles)));
    }

    private static async Task<Results<Ok<Notification>, NotFound>> Get(
        Guid id,
        HttpContext context,
        NotificationReader reader
    )
    {
        var caller = CallerOf(context);
        return await reader.FindAsync(caller.UserId, caller.Roles, id.ToString()) is { } found
            ? TypedResults.Ok(found)
            : TypedResults.NotFound();
    }

    private static async Task<Results<Created<Notification>, NoContent, ValidationProblem>> Create(
        NotificationInput input,
        NotificationStore store
    )
    {
        if (input.Problems() is { Count: > 0 } problems)
        {
            return TypedResults.ValidationProblem(problems);
        }

        var (_, notification) = await store.AddAsync(input.ToDraft());
        return notification is null
            ? TypedResults.NoContent()
            : TypedResults.Created($"/api/notifications/{notification.Id}", notification);
    }

    private static async Task<Results<Ok<NotificationChange>, NotFound>> MarkRead(
        Guid id,
        HttpContext context,
        NotificationStore store
    )
    {
        var caller = CallerOf(context);
        return await store.MarkReadAsync(caller.UserId, caller.Roles, id.ToString())
            ? TypedResults.Ok(new NotificationChange(id.ToString(), Read: true))
            : TypedResults.NotFound();
    }

    private static async Task<Ok<MarkedRead>> MarkAllRead(HttpContext context, NotificationStore store)
    {
        var caller = CallerOf(context);
        return TypedResults.Ok(new MarkedRead(await store.MarkAllReadAsync(caller.UserId, caller.Roles)));
    }

    private static async Task<Results<NoContent, NotFound>> Delete(
        Guid id,
        HttpContext context,
        NotificationStore store
    )
    {
        var caller = CallerOf(context);
        return await store.DeleteAsync(caller.UserId, caller.Roles, id.ToString())
            ? TypedResults.NoContent()
            : TypedResults.NotFound();
    }

    private static Caller CallerOf(HttpContext context) => context.Features.GetRequiredFeature<Caller>();

    private static ValidationProblem Invalid(string field, string message) =>
        TypedResults.ValidationProblem(
            new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] }
        );
}

/// <summary>How many notifications are unread.</summary>
internal sealed record UnreadCount(
    [property: System.Text.Json.Serialization.JsonPropertyName("unread_count")] long Count
);

/// <summary>How many notifications were unread and are read now.</summary>
internal sealed record MarkedRead(int Updated);
