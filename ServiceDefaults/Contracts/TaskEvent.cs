using System.Text.Json.Serialization;

namespace RealtimeSuite.Contracts;

/// <summary>The payload of every event on <see cref="KafkaTopics.TaskUpdates"/>, and the <c>event</c> of a <c>task_update</c> frame (source: seed 001).</summary>
public sealed record TaskEvent
{
    /// <summary>One of <see cref="TaskEventTypes"/>.</summary>
    public required string EventType { get; init; }

    /// <summary>The task's owner, who receives the event.</summary>
    public required string UserId { get; init; }

    /// <summary>Id of the task.</summary>
    public required string TaskId { get; init; }

    /// <summary>Title of the task at the time of the event.</summary>
    public required string Title { get; init; }

    /// <summary>When it happened, UTC.</summary>
    public required DateTimeOffset Timestamp { get; init; }

    /// <summary>Description of the task, absent when it has none.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? Description { get; init; }

    /// <summary>When the task is due, UTC, absent when it has no date.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Whether the task is done.</summary>
    public bool Completed { get; init; }
}

/// <summary>The types of task events.</summary>
public static class TaskEventTypes
{
    /// <summary>A task was added.</summary>
    public const string Created = "task.created";

    /// <summary>Title, description or date changed.</summary>
    public const string Updated = "task.updated";

    /// <summary>A task was completed.</summary>
    public const string Completed = "task.completed";

    /// <summary>A task was removed.</summary>
    public const string Deleted = "task.deleted";
}
