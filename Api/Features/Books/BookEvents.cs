using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;

namespace RealtimeSuite.Api.Features.Books;

/// <summary>The event of a book, on <see cref="KafkaTopics.BookUpdates"/>, for admins: it was borrowed or returned (source: seed 000).</summary>
internal static class BookEvents
{
    /// <summary>The event that tells of <paramref name="book"/> as it is now.</summary>
    public static CloudEvent Of(Book book, DateTimeOffset now) =>
        new()
        {
            Id = Guid.CreateVersion7(now).ToString(),
            Source = "/api/books",
            Type = FrameTypes.BookUpdate,
            Subject = book.Id.ToString(),
            Time = now,
            Audience = new Audience(AudienceKind.Role, Roles.Admin).ToString(),
            Data = JsonSerializer.SerializeToElement(
                new BookUpdate
                {
                    BookId = book.Id,
                    Title = book.Title,
                    Available = book.IsAvailable,
                    Genre = book.Genre,
                    ShelfLocation = book.ShelfLocation,
                },
                FramesJson.Wire.BookUpdate
            ),
        };
}
