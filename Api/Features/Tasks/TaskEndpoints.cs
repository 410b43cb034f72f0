using System.ComponentModel;
using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using RealtimeSuite.Api.Features.Auth;
using RealtimeSuite.Contracts;
using RealtimeSuite.Http;
using RealtimeSuite.Http.Idempotency;

namespace RealtimeSuite.Api.Features.Tasks;

/// <summary>The tasks of the caller. Every change arrives as a <c>task_update</c> frame on the caller's sockets.</summary>
internal static class TaskEndpoints
{
    /// <summary>Registers what the endpoints need.</summary>
    public static void AddTasksFeature(this IHostApplicationBuilder builder) =>
        builder.Services.AddSingleton<TaskStore>();

    /// <summary>Maps <c>/api/tasks</c>.</summary>
    public static void MapTasks(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/tasks")
            .WithTags("Tasks")
            .RequireAuthorization()
            .WithRateLimit()
            .WithIdempotency();
        group.MapGet("/", List).WithName("ListTasks").WithSummary("The caller's tasks, newest first.");
        group.MapPost("/", Create).WithName("CreateTask").WithSummary("Adds a task.");
        group.MapGet("/{id:guid}", Get).WithName("GetTask").WithSummary("One task of the caller.");
        group.MapPut("/{id:guid}", Update).WithName("UpdateTask").WithSummary("Replaces title, description and date.");
        group.MapPost("/{id:guid}/complete", Complete).WithName("CompleteTask").WithSummary("Marks a task as done.");
        group.MapDelete("/{id:guid}", Delete).WithName("DeleteTask").WithSummary("Removes a task.");
    }

    private static async Task<Results<Ok<Page<TaskItem>>, ValidationProblem>> List(
        ClaimsPrincipal caller,
        TaskStore tasks,
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

        return TypedResults.Ok(await tasks.ListAsync(caller.UserId(), lastId, limit));
    }

    private static async Task<Results<Created<TaskItem>, ValidationProblem>> Create(
        TaskInput input,
        ClaimsPrincipal caller,
        TaskStore tasks
    )
    {
        if (input.Problems() is { Count: > 0 } problems)
        {
            return TypedResults.ValidationProblem(problems);
        }

        var task = await tasks.AddAsync(caller.UserId(), input);
        return TypedResults.Created($"/api/tasks/{task.Id}", task);
    }

    private static async Task<Results<Ok<TaskItem>, NotFound>> Get(Guid id, ClaimsPrincipal caller, TaskStore tasks) =>
        await tasks.FindAsync(caller.UserId(), id) is { } found ? TypedResults.Ok(found.Task) : TypedResults.NotFound();

    private static async Task<Results<Ok<TaskItem>, NotFound, ValidationProblem>> Update(
        Guid id,
        TaskInput input,
        ClaimsPrincipal caller,
        TaskStore tasks
    )
    {
        if (input.Problems() is { Count: > 0 } problems)
        {
            return TypedResults.ValidationProblem(problems);
        }

        var changed = await tasks.ChangeAsync(caller.UserId(), id, TaskEventTypes.Updated, input.ApplyTo);
        return changed is null ? TypedResults.NotFound() : TypedResults.Ok(changed);
    }

    private static async Task<Results<Ok<TaskItem>, NotFound>> Complete(
        Guid id,
        ClaimsPrincipal caller,
        TaskStore tasks
    )
    {
        var changed = await tasks.ChangeAsync(
            caller.UserId(),
            id,
            TaskEventTypes.Completed,
            task => task.Completed ? task : task with { Completed = true }
        );
        return changed is null ? TypedResults.NotFound() : TypedResults.Ok(changed);
    }

    private static async Task<Results<NoContent, NotFound>> Delete(Guid id, ClaimsPrincipal caller, TaskStore tasks) =>
        await tasks.DeleteAsync(caller.UserId(), id) ? TypedResults.NoContent() : TypedResults.NotFound();

    private static ValidationProblem Invalid(string field, string message) =>
        TypedResults.ValidationProblem(
            new Dictionary<string, string[]>(StringComparer.Ordinal) { [field] = [message] }
        );
}
