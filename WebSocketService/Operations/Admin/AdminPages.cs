using System.Buffers.Text;
using System.Text;
using System.Text.Json.Serialization;
using RealtimeSuite.Gateway.Operations.Fleet;

namespace RealtimeSuite.Gateway.Operations.Admin;

/// <summary>One page of a list across replicas.</summary>
/// <param name="Items">The items, in the order of their keys.</param>
/// <param name="NextCursor">Give it as <c>cursor</c> to get the next page; null on the last.</param>
/// <param name="Replicas">How many replicas there are.</param>
/// <param name="Answered">How many of them the page comes from.</param>
internal sealed record AdminPage<T>(IReadOnlyList<T> Items, string? NextCursor, int Replicas, int Answered)
{
    /// <summary>How many items there are on all pages, where that is counted.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public int? Total { get; init; }
}

/// <summary>Which page of a list is asked for.</summary>
/// <param name="Search">Only what mentions this text, in any case.</param>
/// <param name="Sort">What connections are sorted by: <c>client_id</c>, <c>user_id</c>, <c>surface</c>, <c>address</c>, <c>opened_at</c>, <c>replica</c> or <c>queued_bytes</c>.</param>
/// <param name="Order"><c>asc</c> or <c>desc</c>.</param>
/// <param name="Cursor">The <c>next_cursor</c> of the page before, which was asked for in the same order.</param>
/// <param name="Limit">Most items of the page.</param>
internal sealed record AdminQuery(
    string? Search = null,
    string Sort = ConnectionOrder.Default,
    string Order = AdminQuery.Ascending,
    string? Cursor = null,
    int Limit = AdminPages.DefaultSize
)
{
    public const string Ascending = "asc";
    public const string Descending = "desc";

    /// <summary>What is wrong with it, in words; null when nothing is.</summary>
    public string? Problem =>
        Limit is < 1 or > AdminPages.MaxSize ? $"limit is 1 to {AdminPages.MaxSize}."
        : Order is not (Ascending or Descending) ? "order is asc or desc."
        : !ConnectionOrder.IsKnown(Sort) ? "There is no such sort."
        : !AdminPages.TryRead(Cursor, out _) ? "cursor is the next_cursor of a page."
        : null;

    /// <summary>The request to the replicas; one item more than the page has tells whether there is a next one.</summary>
    public FleetRequest Narrow(FleetRequest request)
    {
        AdminPages.TryRead(Cursor, out var after);
        return request with
        {
            Search = string.IsNullOrWhiteSpace(Search) ? null : Search.Trim(),
            Sort = Sort,
            IsDescending = Order == Descending,
            After = after,
            Limit = Limit + 1,
        };
    }
}

/// <summary>What a disconnect did.</summary>
/// <param name="Closed">Connections that were closed.</param>
/// <param name="Replicas">How many replicas there are.</param>
/// <param name="Answered">How many of them were heard.</param>
internal sealed record Disconnected(int Closed, int Replicas, int Answered);

/// <summary>Page sizes and cursors. A cursor is the key of the last item, opaque to callers.</summary>
internal static class AdminPages
{
    public const int DefaultSize = 50;
    public const int MaxSize = 200;

    /// <summary>False for text that is no cursor. No cursor at all is the first page.</summary>
    public static bool TryRead(string? cursor, out string? after)
    {
        after = null;
        if (string.IsNullOrEmpty(cursor))
        {
            return true;
        }

        if (!Base64Url.IsValid(cursor))
        {
            return false;
        }

        after = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        return true;
    }

    /// <summary>The cursor behind a key.</summary>
    public static string CursorAfter(string key) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(key));
}
