using System.Buffers.Text;
using System.Text;

namespace RealtimeSuite.Gateway.Operations.Admin;

/// <summary>One page of a list across replicas.</summary>
/// <param name="Items">The items, in the order of their keys.</param>
/// <param name="NextCursor">Give it as <c>cursor</c> to get the next page; null on the last.</param>
/// <param name="Replicas">How many replicas there are.</param>
/// <param name="Answered">How many of them the page comes from.</param>
internal sealed record AdminPage<T>(IReadOnlyList<T> Items, string? NextCursor, int Replicas, int Answered);

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
