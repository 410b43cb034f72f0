namespace RealtimeSuite.Contracts.Frames;

/// <summary>A book was borrowed or returned: the <c>data</c> of the CloudEvent <c>book_update</c> (source: seed 000).</summary>
public sealed record BookUpdate
{
    /// <summary>The book; a number.</summary>
    public required long BookId { get; init; }

    /// <summary>Its title.</summary>
    public required string Title { get; init; }

    /// <summary>Whether it can be borrowed now.</summary>
    public required bool Available { get; init; }

    /// <summary>Its genre.</summary>
    public required string Genre { get; init; }

    /// <summary>Where it stands.</summary>
    public required string ShelfLocation { get; init; }
}

/// <summary>The same on <c>/ws/admin</c>: flat, and with <c>event</c> instead of <c>type</c> (source: seed 000).</summary>
public sealed record BookUpdateFrame
{
    /// <summary>Always <c>book_update</c>.</summary>
    public string Event { get; } = FrameTypes.BookUpdate;

    /// <inheritdoc cref="BookUpdate.BookId"/>
    public required long BookId { get; init; }

    /// <inheritdoc cref="BookUpdate.Title"/>
    public required string Title { get; init; }

    /// <inheritdoc cref="BookUpdate.Available"/>
    public required bool Available { get; init; }

    /// <inheritdoc cref="BookUpdate.Genre"/>
    public required string Genre { get; init; }

    /// <inheritdoc cref="BookUpdate.ShelfLocation"/>
    public required string ShelfLocation { get; init; }

    /// <summary>Where the event stands.</summary>
    public required EventMeta Meta { get; init; }
}
