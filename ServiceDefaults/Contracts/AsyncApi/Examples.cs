using RealtimeSuite.Contracts.Frames;

namespace RealtimeSuite.Contracts.AsyncApi;

/// <summary>Values that examples share; where a seed prints one, it is the seed's.</summary>
internal static class Examples
{
    public const string Order = "123e4567-e89b-12d3-a456-426614174000";
    public const string Product = "9b2f6c1e-3f5a-4a57-8f5e-0d6a1f3b7c21";
    public const string Sku = "LAMP-01";
    public const string User = "user-123";
    public const string Client = "5f0c9e0a-7a1d-4a55-9d5b-3c1f3f3f8a10";
    public const string Uuid = "0d2f3b44-6f4f-4a0e-9a6a-6b9c4a1f7e55";

    public static DateTimeOffset Time { get; } = new(2026, 2, 7, 12, 0, 0, TimeSpan.Zero);

    public static EventMeta Meta(string channel) =>
        new("2c0e8a6e-4b8e-4f0c-8a55-1e7f3a9d5b60", channel) { Offset = 18, Epoch = "a1b2c3d4e5f60718" };

    public static Notification Notification { get; } =
        new()
        {
            Id = Uuid,
            Title = "Backup finished",
            Message = "The nightly backup finished without errors.",
            Level = "info",
            Category = "system",
            CreatedAt = Time,
            Read = false,
        };

    public static TaskEvent Task { get; } =
        new()
        {
            EventType = TaskEventTypes.Created,
            UserId = User,
            TaskId = "456",
            Title = "New Task",
            Timestamp = Time,
        };

    public static BookUpdate Book { get; } =
        new()
        {
            BookId = 1,
            Title = "Example Book",
            Available = false,
            Genre = "Fiction",
            ShelfLocation = "A1",
        };
}
