using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeSuite.Api.Aggregates;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Api.Features.Tasks;

/// <summary>A task of one user.</summary>
internal sealed record TaskItem
{
    /// <summary>In Redis: a hash <c>task:{id}</c> each, listed in <c>tasks:{user}</c>.</summary>
    public static AggregateKind<TaskItem> Kind { get; } =
        new("task", id => "task:" + id, task => task.Id, task => IndexKey(task.UserId), TaskJson.Wire.TaskItem);

    /// <summary>UUID, rising with the time of creation.</summary>
    public required string Id { get; init; }

    /// <summary>The owner.</summary>
    public required string UserId { get; init; }

    /// <summary>1 to 200 characters.</summary>
    public required string Title { get; init; }

    /// <summary>At most 4,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>When it is due, UTC.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Whether it is done.</summary>
    public bool Completed { get; init; }

    /// <summary>When it was added, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>The Redis key of the list of a user's tasks.</summary>
    public static string IndexKey(string userId) => "tasks:" + userId;

    /// <summary>A task of the user without anything in it.</summary>
    public static TaskItem New(string userId, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now).ToString(),
            UserId = userId,
            Title = "",
            CreatedAt = now,
            UpdatedAt = now,
        };
}

/// <summary>What a caller says of a task.</summary>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="Description">At most 4,000 characters.</param>
/// <param name="DueAt">When it is due.</param>
internal sealed record TaskInput(string? Title, string? Description = null, DateTimeOffset? DueAt = null)
{
    private const int MaxTitle = 200;
    private const int MaxDescription = 4000;

    /// <summary>The task with what the caller says.</summary>
    public TaskItem ApplyTo(TaskItem task) =>
        task with
        {
            Title = Title ?? task.Title,
            Description = Description,
            DueAt = DueAt,
        };

    /// <summary>The problems by field; empty when there are none.</summary>
    public Dictionary<string, string[]> Problems()
    {
        var problems = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (string.IsNullOrWhiteSpace(Title) || Title.Length > MaxTitle)
        {
            problems["title"] = [$"A title of 1 to {MaxTitle} characters is needed."];
        }

        if (Description?.Length > MaxDescription)
        {
            problems["description"] = [$"At most {MaxDescription} characters."];
        }

        return problems;
    }
}

[JsonSerializable(typeof(TaskItem))]
internal sealed partial class TaskJson : JsonSerializerContext
{
    public static TaskJson Wire { get; } = new(ContractsJson.Configure(new JsonSerializerOptions()));
}
