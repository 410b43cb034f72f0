using System.Text.Json;
using RealtimeSuite.Contracts.Frames;

namespace RealtimeSuite.Contracts.AsyncApi;

/// <summary>The events of tasks, notifications and books, and those of no kind of the suite's own.</summary>
internal static class EventMessages
{
    private static readonly string UserChannel = Audience.User(Examples.User).ToString();

    public static readonly EventContract TaskUpdate = new(
        [TaskEventTypes.Created, TaskEventTypes.Updated, TaskEventTypes.Completed, TaskEventTypes.Deleted],
        MessageContract.Of(
            "taskUpdate",
            "A task of the user changed.",
            FramesJson.Wire.TaskUpdateFrame,
            new TaskUpdateFrame
            {
                Event = Examples.Task,
                Timestamp = Examples.Time,
                Meta = Examples.Meta(UserChannel),
            }
        ),
        FramesJson.Wire.TaskEvent,
        Examples.Task
    );

    public static readonly EventContract NotificationCreated = new(
        [NotificationEventTypes.Created],
        MessageContract.Of(
            "notificationCreated",
            "A notification came.",
            FramesJson.Wire.NotificationCreatedFrame,
            new NotificationCreatedFrame { Data = Examples.Notification, Meta = Examples.Meta(UserChannel) }
        ),
        FramesJson.Wire.Notification,
        Examples.Notification
    );

    public static readonly EventContract NotificationUpdated = new(
        [NotificationEventTypes.Updated],
        MessageContract.Of(
            "notificationUpdated",
            "A notification changed.",
            FramesJson.Wire.NotificationUpdatedFrame,
            new NotificationUpdatedFrame
            {
                Data = new NotificationChange(Examples.Uuid, true),
                Meta = Examples.Meta(UserChannel),
            }
        ),
        FramesJson.Wire.NotificationChange,
        new NotificationChange(Examples.Uuid, true)
    );

    public static readonly EventContract BookUpdate = new(
        [FrameTypes.BookUpdate],
        MessageContract.Of(
            "bookUpdate",
            "A book was borrowed or returned.",
            FramesJson.Wire.BookUpdateFrame,
            new BookUpdateFrame
            {
                BookId = Examples.Book.BookId,
                Title = Examples.Book.Title,
                Available = Examples.Book.Available,
                Genre = Examples.Book.Genre,
                ShelfLocation = Examples.Book.ShelfLocation,
                Meta = Examples.Meta("admin"),
            }
        ),
        FramesJson.Wire.BookUpdate,
        Examples.Book
    );

    public static readonly MessageContract Published = MessageContract.Of(
        "published",
        "A published event of no kind of the suite's own.",
        FramesJson.Wire.PublishedEventFrame,
        new PublishedEventFrame
        {
            Type = "deployment.finished",
            Topic = "jobs",
            Data = JsonElement.Parse("""{"version":"1.2.3"}"""),
            Timestamp = Examples.Time,
            Meta = Examples.Meta("topic:jobs"),
        }
    );
}
