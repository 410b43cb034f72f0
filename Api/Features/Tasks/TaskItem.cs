namespace RealtimeSuite.Api.Features.Tasks;

/// <summary>A task of one user.</summary>
internal sealed record TaskItem
{
    /// <summary>UUID, rising with the time of creation.</summary>
    public required string Id { get; init; }

    /// <summary>The owner.</summary>
    public required string UserId { get; init; }

    /// <summary>1 to 200 characters.</summary>
    public required string Title { get; init; }

    /// <summary>At most 4,000 characters.</summary>
    public string? Description { get; init; }

    /// <summary>When it is due, UTC.</summary>
    public DateTimeOffset? DueAt { get; init; }

    /// <summary>Whether it is done.</summary>
    public bool Completed { get; init; }

    /// <summary>When it was added, UTC.</summary>
    public required DateTimeOffset CreatedAt { get; init; }

    /// <summary>When it was last changed, UTC.</summary>
    public required DateTimeOffset UpdatedAt { get; init; }
}

/// <summary>What a caller says of a task.</summary>
/// <param name="Title">1 to 200 characters.</param>
/// <param name="Description">At most 4,000 characters.</param>
/// <param name="DueAt">When it is due.</param>
internal sealed record TaskInput(string? Title, string? Description, DateTimeOffset? DueAt)
{
    private const int MaxTitle = 200;
    private const int MaxDescription = 4000;

    /// <summary>The task with what the caller says.</summary>
    public TaskItem ApplyTo(TaskItem task) =>
        task with
        {
            Title = Title ?? task.Title,
            Description = Description,
            DueAt = DueAt,
        };

    /// <summary>The problems by field; empty when there are none.</summary>
    public Dictionary<string, string[]> Problems()
    {
        var problems = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (string.IsNullOrWhiteSpace(Title) || Title.Length > MaxTitle)
        {
            problems["title"] = [$"A title of 1 to {MaxTitle} characters is needed."];
        }

        if (Description?.Length > MaxDescription)
        {
            problems["description"] = [$"At most {MaxDescription} characters."];
        }

        return problems;
    }
}
