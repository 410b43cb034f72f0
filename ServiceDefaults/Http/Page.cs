using System.Buffers.Text;
using System.Text;

namespace RealtimeSuite.Http;

/// <summary>One page of a list.</summary>
/// <param name="Items">The items, newest first.</param>
/// <param name="NextCursor">Give it as <c>cursor</c> to get the next page; null on the last.</param>
public sealed record Page<T>(IReadOnlyList<T> Items, string? NextCursor);

/// <summary>Page sizes and cursors. A cursor is the id of the last item, a UUID or digits, opaque to callers.</summary>
public static class Paged
{
    /// <summary>Items a page when the caller does not say.</summary>
    public const int DefaultSize = 50;

    /// <summary>Most items a page.</summary>
    public const int MaxSize = 200;

    private const int MaxDigits = 19;

    /// <summary>The cursor of the page that follows this id.</summary>
    public static string CursorAfter(string lastId) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(lastId));

    /// <summary>False for text that is no cursor. No cursor at all is the first page.</summary>
    public static bool TryRead(string? cursor, out string? lastId)
    {
        lastId = null;
        if (string.IsNullOrEmpty(cursor))
        {
            return true;
        }

        if (!Base64Url.IsValid(cursor))
        {
            return false;
        }

        var text = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(cursor));
        lastId =
            Guid.TryParse(text, out var id) ? id.ToString()
            : text.Length is > 0 and <= MaxDigits && text.All(char.IsAsciiDigit) ? text
            : null;
        return lastId is not null;
    }
}
