using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeSuite.Api.Aggregates;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Api.Features.Books;

/// <summary>A book of the library: one copy.</summary>
internal sealed record Book
{
    /// <summary>The Redis key of the list of all books.</summary>
    public const string IndexKey = "books";

    /// <summary>The Redis key of the last number that was given.</summary>
    public const string NumberKey = "books:last-id";

    /// <summary>In Redis: a hash <c>book:{number}</c> each, listed in <c>books</c>.</summary>
    public static AggregateKind<Book> Kind { get; } =
        new("book", id => "book:" + id, book => KeyId(book.Id), _ => IndexKey, BookJson.Wire.Book);

    /// <summary>The number of the book.</summary>
    public required long Id { get; init; }

    /// <summary>1 to 200 characters.</summary>
    public required string Title { get; init; }

    /// <summary>1 to 100 characters.</summary>
    public required string Genre { get; init; }

    /// <summary>Where it stands, 1 to 50 characters.</summary>
    public required string ShelfLocation { get; init; }

    /// <summary>Who has it; null while it stands on its shelf.</summary>
    public string? BorrowerId { get; init; }

    /// <summary>When it was added, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }

    /// <summary>Whether it can be borrowed now.</summary>
    [JsonIgnore]
    public bool IsAvailable => BorrowerId is null;

    /// <summary>The number with as many digits as every other, so that text and numbers have one order.</summary>
    public static string KeyId(long id) => id.ToString("D19");
}

/// <summary>What an admin says of a book.</summary>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="Genre">1 to 100 characters.</param>
/// <param name="ShelfLocation">1 to 50 characters.</param>
internal sealed record BookInput(string? Title, string? Genre, string? ShelfLocation)
{
    private const int MaxTitle = 200;
    private const int MaxGenre = 100;
    private const int MaxShelfLocation = 50;

    /// <summary>The problems by field; empty when there are none.</summary>
    public Dictionary<string, string[]> Problems()
    {
        var problems = new FieldProblems();
        problems.CheckText("title", Title, MaxTitle);
        problems.CheckText("genre", Genre, MaxGenre);
        problems.CheckText("shelf_location", ShelfLocation, MaxShelfLocation);
        return problems.ByField;
    }
}

/// <summary>A book as callers see it.</summary>
/// <param name="Id">The number of the book, as in <c>book_id</c> of events.</param>
/// <param name="Title">Its title.</param>
/// <param name="Genre">Its genre.</param>
/// <param name="ShelfLocation">Where it stands.</param>
/// <param name="Available">Whether it can be borrowed now.</param>
/// <param name="CreatedAt">When it was added, UTC.</param>
/// <param name="UpdatedAt">When it was last changed, UTC.</param>
/// <param name="BorrowerId">Who has it; only the borrower and admins are told.</param>
internal sealed record BookView(
    long Id,
    string Title,
    string Genre,
    string ShelfLocation,
    bool Available,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? BorrowerId = null
);

[JsonSerializable(typeof(Book))]
internal sealed partial class BookJson : JsonSerializerContext
{
    public static BookJson Wire { get; } = new(ContractsJson.Configure(new JsonSerializerOptions()));
}
