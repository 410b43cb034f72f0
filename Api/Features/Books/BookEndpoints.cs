using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using RealtimeSuite.Api.Aggregates;
using RealtimeSuite.Api.Features.Auth;
using RealtimeSuite.Contracts;
using RealtimeSuite.Http;
using RealtimeSuite.Http.Idempotency;
using StackExchange.Redis;

namespace RealtimeSuite.Api.Features.Books;

/// <summary>The books. What is borrowed and returned arrives as <c>book_update</c> on the sockets of admins.</summary>
internal static class BookEndpoints
{
    /// <summary>Registers what the endpoints need.</summary>
    public static void AddBooksFeature(this IHostApplicationBuilder builder) => builder.AddAggregate(Book.Kind);

    /// <summary>Maps <c>/api/books</c>.</summary>
    public static void MapBooks(this IEndpointRouteBuilder app)
    {
        var group = app.MapGroup("/api/books")
            .WithTags("Books")
            .RequireAuthorization()
            .WithRateLimit()
            .WithIdempotency();
        group.MapGet("/", List).WithName("ListBooks").WithSummary("All books, newest first.");
        group.MapGet("/{id:long}", Get).WithName("GetBook").WithSummary("One book.");
        group.MapPost("/{id:long}/borrow", Borrow).WithName("BorrowBook").WithSummary("The caller takes a book.");
        group
            .MapPost("/{id:long}/return", Return)
            .WithName("ReturnBook")
            .WithSummary("The caller, or an admin, brings a book back.");

        var admins = group.MapGroup("").RequireAuthorization(policy => policy.RequireRole(Roles.Admin));
        admins.MapPost("/", Create).WithName("CreateBook").WithSummary("Adds a book.");
        admins.MapPut("/{id:long}", Update).WithName("UpdateBook").WithSummary("Describes a book anew.");
        admins.MapDelete("/{id:long}", Delete).WithName("DeleteBook").WithSummary("Removes a book that is there.");
    }

    private static async Task<Results<Ok<Page<BookView>>, ValidationProblem>> List(
        ClaimsPrincipal caller,
        AggregateStore<Book> books,
        [AsParameters] PageQuery page
    )
    {
        if (page.Problems() is { Count: > 0 } problems)
        {
            return TypedResults.ValidationProblem(problems);
        }

        var found = await books.ListAsync(Book.IndexKey, page.LastId, page.Size);
        return TypedResults.Ok(new Page<BookView>([.. found.Items.Select(ViewFor(caller))], found.NextCursor));
    }

    private static async Task<Results<Ok<BookView>, NotFound>> Get(
        long id,
        ClaimsPrincipal caller,
        AggregateStore<Book> books,
        HttpResponse response
    ) => response.Found(await books.FindAsync(Book.KeyId(id)), ViewFor(caller));

    private static async Task<Results<Created<BookView>, ValidationProblem>> Create(
        BookInput input,
        ClaimsPrincipal caller,
        AggregateStore<Book> books,
        IConnectionMultiplexer redis,
        TimeProvider clock,
        HttpResponse response
    )
    {
        if (input.Problems() is { Count: > 0 } problems)
        {
            return TypedResults.ValidationProblem(problems);
        }

        var now = clock.GetUtcNow();
        var book = new Book
        {
            Id = await redis.GetDatabase().StringIncrementAsync(Book.NumberKey),
            Title = input.Title!,
            Genre = input.Genre!,
            ShelfLocation = input.ShelfLocation!,
            CreatedAt = now,
            UpdatedAt = now,
        };
        var added =
            await books.TryAddAsync(book)
            ?? throw new InvalidOperationException($"The new book id {book.Id} exists already.");
        return response.Added($"/api/books/{book.Id}", added.Version, ViewFor(caller)(book));
    }

    private static async Task<Results<Ok<BookView>, NotFound, ValidationProblem, ProblemHttpResult>> Update(
        long id,
        BookInput input,
        IfMatch ifMatch,
        ClaimsPrincipal caller,
        AggregateStore<Book> books,
        HttpResponse response
    )
    {
        if (input.Problems() is { Count: > 0 } problems)
        {
            return TypedResults.ValidationProblem(problems);
        }

        var outcome = await books.ChangeAsync(
            Book.KeyId(id),
            ifMatch,
            (book, now) => BookRules.Describe(book, input, now)
        );
        return response.Changed(outcome, ViewFor(caller));
    }

    private static async Task<Results<Ok<BookView>, NotFound, ValidationProblem, ProblemHttpResult>> Borrow(
        long id,
        IfMatch ifMatch,
        ClaimsPrincipal caller,
        AggregateStore<Book> books,
        HttpResponse response
    )
    {
        var userId = caller.UserId();
        var outcome = await books.ChangeAsync(
            Book.KeyId(id),
            ifMatch,
            (book, now) => BookRules.Borrow(book, userId, now)
        );
        return response.Changed(outcome, ViewFor(caller));
    }

    private static async Task<Results<Ok<BookView>, NotFound, ValidationProblem, ProblemHttpResult>> Return(
        long id,
        IfMatch ifMatch,
        ClaimsPrincipal caller,
        AggregateStore<Book> books,
        HttpResponse response
    )
    {
        var (userId, isAdmin) = (caller.UserId(), caller.IsInRole(Roles.Admin));
        var outcome = await books.ChangeAsync(
            Book.KeyId(id),
            ifMatch,
            (book, now) => BookRules.Return(book, userId, isAdmin, now)
        );
        return response.Changed(outcome, ViewFor(caller));
    }

    private static async Task<Results<NoContent, NotFound, ProblemHttpResult>> Delete(
        long id,
        IfMatch ifMatch,
        AggregateStore<Book> books
    ) => Answers.Removed(await books.ChangeAsync(Book.KeyId(id), ifMatch, (book, _) => BookRules.Remove(book)));

    private static Func<Book, BookView> ViewFor(ClaimsPrincipal caller)
    {
        var (userId, isAdmin) = (caller.UserId(), caller.IsInRole(Roles.Admin));
        return book => new BookView(
            book.Id,
            book.Title,
            book.Genre,
            book.ShelfLocation,
            book.IsAvailable,
            book.CreatedAt,
            book.UpdatedAt,
            isAdmin || book.BorrowerId == userId ? book.BorrowerId : null
        );
    }
}
