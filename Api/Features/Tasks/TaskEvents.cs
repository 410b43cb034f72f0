using System.Text.Json;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Api.Features.Tasks;

/// <summary>The events of a task, on <see cref="KafkaTopics.TaskUpdates"/>, for its owner.</summary>
internal static class TaskEvents
{
    private const string Source = "/api/tasks";

    /// <summary>The event that tells of <paramref name="task"/> as it is now.</summary>
    public static CloudEvent Of(string eventType, TaskItem task, DateTimeOffset now)
    {
        var payload = new TaskEvent
        {
            EventType = eventType,
            UserId = task.UserId,
            TaskId = task.Id,
            Title = task.Title,
            Timestamp = now,
            Description = task.Description,
            DueAt = task.DueAt,
            Completed = task.Completed,
        };
        return new CloudEvent
        {
            Id = Guid.CreateVersion7(now).ToString(),
            Source = Source,
            Type = eventType,
            Subject = task.Id,
            Time = now,
            Audience = Audience.User(task.UserId).ToString(),
            Data = JsonSerializer.SerializeToElement(payload, ContractsJson.Wire.TaskEvent),
        };
    }
}
