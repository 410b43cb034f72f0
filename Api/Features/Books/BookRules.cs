using RealtimeSuite.Api.Aggregates;

namespace RealtimeSuite.Api.Features.Books;

/// <summary>What may happen to a book.</summary>
internal static class BookRules
{
    /// <summary>Somebody takes it: only one at a time.</summary>
    public static Decision<Book> Borrow(Book book, string userId, DateTimeOffset now)
    {
        if (!book.IsAvailable)
        {
            return Decision<Book>.Refuse(Refusal.Conflict("The book is borrowed."));
        }

        var next = book with { BorrowerId = userId, UpdatedAt = now };
        return Decision<Book>.Change(next, BookEvents.Of(next, now));
    }

    /// <summary>It comes back, from its borrower or by an admin.</summary>
    public static Decision<Book> Return(Book book, string userId, bool isAdmin, DateTimeOffset now)
    {
        if (book.IsAvailable)
        {
            return Decision<Book>.Refuse(Refusal.Conflict("The book is not borrowed."));
        }

        if (book.BorrowerId != userId && !isAdmin)
        {
            return Decision<Book>.Refuse(
                new Refusal(StatusCodes.Status403Forbidden, "Only who has borrowed the book, or an admin, returns it.")
            );
        }

        var next = book with { BorrowerId = null, UpdatedAt = now };
        return Decision<Book>.Change(next, BookEvents.Of(next, now));
    }

    /// <summary>It is described anew.</summary>
    public static Decision<Book> Describe(Book book, BookInput input, DateTimeOffset now) =>
        Decision<Book>.Change(
            book with
            {
                Title = input.Title!,
                Genre = input.Genre!,
                ShelfLocation = input.ShelfLocation!,
                UpdatedAt = now,
            }
        );

    /// <summary>It leaves the library, when it is there.</summary>
    public static Decision<Book> Remove(Book book) =>
        book.IsAvailable
            ? Decision<Book>.Remove()
            : Decision<Book>.Refuse(Refusal.Conflict("The book is borrowed: it must come back first."));
}
