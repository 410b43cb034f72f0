using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Messaging.Outbox;

namespace RealtimeSuite.Api.Features.Tasks;

/// <summary>The events of a task, on <see cref="KafkaTopics.TaskUpdates"/>, for its owner.</summary>
internal static class TaskEvents
{
    private const string Source = "/api/tasks";

    /// <summary>The outbox entry that tells of <paramref name="task"/> as it is now.</summary>
    public static OutboxEntry Of(string eventType, TaskItem task, DateTimeOffset now)
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
        var cloudEvent = new CloudEvent
        {
            Id = Guid.CreateVersion7(now).ToString(),
            Source = Source,
            Type = eventType,
            Subject = task.Id,
            Time = now,
            Audience = Audience.User(task.UserId).ToString(),
            Data = JsonSerializer.SerializeToElement(payload, ContractsJson.Wire.TaskEvent),
        };
        return OutboxEntry.For(KafkaTopics.TaskUpdates, task.Id, cloudEvent, now);
    }
}
