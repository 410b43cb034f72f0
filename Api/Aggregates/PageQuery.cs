using Microsoft.AspNetCore.Mvc;
using RealtimeSuite.Http;

namespace RealtimeSuite.Api.Aggregates;

/// <summary>Which page of a list.</summary>
/// <param name="Cursor">The <c>next_cursor</c> of the page before; without it the first page.</param>
/// <param name="Limit">Items a page, 1 to 200; 50 when not given.</param>
internal sealed record PageQuery([FromQuery(Name = "cursor")] string? Cursor, [FromQuery(Name = "limit")] int? Limit)
{
    /// <summary>Items a page.</summary>
    public int Size => Limit ?? Paged.DefaultSize;

    /// <summary>The id after which the page begins; null for the first page.</summary>
    public string? LastId => Paged.TryRead(Cursor, out var lastId) ? lastId : null;

    /// <summary>The problems by field; empty when there are none.</summary>
    public Dictionary<string, string[]> Problems()
    {
        var problems = new Dictionary<string, string[]>(StringComparer.Ordinal);
        if (!Paged.TryRead(Cursor, out _))
        {
            problems["cursor"] = ["This is no cursor of an earlier page."];
        }

        if (Size is < 1 or > Paged.MaxSize)
        {
            problems["limit"] = [$"1 to {Paged.MaxSize}."];
        }

        return problems;
    }
}
