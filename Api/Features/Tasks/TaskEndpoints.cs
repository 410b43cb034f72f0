using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using RealtimeSuite.Api.Aggregates;
using RealtimeSuite.Api.Features.Auth;
using RealtimeSuite.Contracts;
using RealtimeSuite.Http;
using RealtimeSuite.Http.Idempotency;

namespace RealtimeSuite.Api.Features.Tasks;

/// <summary>The tasks of the caller. Every change arrives as a <c>task_update</c> frame on the caller's sockets.</summary>
internal static class TaskEndpoints
{
    /// <summary>Registers what the endpoints need.</summary>
    public static void AddTasksFeature(this IHostApplicationBuilder builder) => builder.AddAggregate(TaskItem.Kind);

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
        AggregateStore<TaskItem> tasks,
        [AsParameters] PageQuery page
    ) =>
        page.Problems() is { Count: > 0 } problems
            ? TypedResults.ValidationProblem(problems)
            : TypedResults.Ok(await tasks.ListAsync(TaskItem.IndexKey(caller.UserId()), page.LastId, page.Size));

    private static async Task<Results<Created<TaskItem>, ValidationProblem>> Create(
        TaskInput input,
        ClaimsPrincipal caller,
        AggregateStore<TaskItem> tasks,
        TimeProvider clock,
        HttpResponse response
    )
    {
        if (input.Problems() is { Count: > 0 } problems)
        {
            return TypedResults.ValidationProblem(problems);
        }

        var now = clock.GetUtcNow();
        var task = input.ApplyTo(TaskItem.New(caller.UserId(), now));
        var added =
            await tasks.TryAddAsync(task, TaskEvents.Of(TaskEventTypes.Created, task, now))
            ?? throw new InvalidOperationException($"The new task id {task.Id} exists already.");
        return response.Added($"/api/tasks/{task.Id}", added.Version, task);
    }

    private static async Task<Results<Ok<TaskItem>, NotFound>> Get(
        Guid id,
        ClaimsPrincipal caller,
        AggregateStore<TaskItem> tasks,
        HttpResponse response
    )
    {
        var found = await tasks.FindAsync(id.ToString());
        return response.Found(found?.State.UserId == caller.UserId() ? found : null, task => task);
    }

    private static async Task<Results<Ok<TaskItem>, NotFound, ValidationProblem, ProblemHttpResult>> Update(
        Guid id,
        TaskInput input,
        IfMatch ifMatch,
        ClaimsPrincipal caller,
        AggregateStore<TaskItem> tasks,
        HttpResponse response
    )
    {
        if (input.Problems() is { Count: > 0 } problems)
        {
            return TypedResults.ValidationProblem(problems);
        }

        var outcome = await tasks.ChangeAsync(
            id.ToString(),
            ifMatch,
            Own(caller, (task, now) => Changed(TaskEventTypes.Updated, input.ApplyTo(task), now))
        );
        return response.Changed(outcome, task => task);
    }

    private static async Task<Results<Ok<TaskItem>, NotFound, ValidationProblem, ProblemHttpResult>> Complete(
        Guid id,
        IfMatch ifMatch,
        ClaimsPrincipal caller,
        AggregateStore<TaskItem> tasks,
        HttpResponse response
    )
    {
        var outcome = await tasks.ChangeAsync(
            id.ToString(),
            ifMatch,
            Own(
                caller,
                (task, now) =>
                    task.Completed
                        ? Decision<TaskItem>.Keep(task)
                        : Changed(TaskEventTypes.Completed, task with { Completed = true }, now)
            )
        );
        return response.Changed(outcome, task => task);
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Delete(
        Guid id,
        IfMatch ifMatch,
        ClaimsPrincipal caller,
        AggregateStore<TaskItem> tasks
    ) =>
        Answers.Removed(
            await tasks.ChangeAsync(
                id.ToString(),
                ifMatch,
                Own(caller, (task, now) => Decision<TaskItem>.Remove(TaskEvents.Of(TaskEventTypes.Deleted, task, now)))
            )
        );

    /// <summary>The rule for the caller's own tasks; those of others do not exist.</summary>
    private static Func<TaskItem, DateTimeOffset, Decision<TaskItem>> Own(
        ClaimsPrincipal caller,
        Func<TaskItem, DateTimeOffset, Decision<TaskItem>> rule
    )
    {
        var userId = caller.UserId();
        return (task, now) => task.UserId == userId ? rule(task, now) : Decision<TaskItem>.Hide();
    }

    private static Decision<TaskItem> Changed(string eventType, TaskItem task, DateTimeOffset now)
    {
        var next = task with { UpdatedAt = now };
        return Decision<TaskItem>.Change(next, TaskEvents.Of(eventType, next, now));
    }
}
