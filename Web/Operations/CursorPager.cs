namespace RealtimeSuite.Web.Operations;

/// <summary>Where one is in a list that is read page by page: forward by the cursor of the page at hand, back by those before.</summary>
public sealed class CursorPager
{
    private readonly Stack<string?> _before = new();
    private string? _next;

    /// <summary>The cursor of the page at hand; null on the first.</summary>
    public string? Current { get; private set; }

    /// <summary>Which page it is, from 1.</summary>
    public int Number => _before.Count + 1;

    public bool HasNext => _next is not null;

    public bool HasBefore => _before.Count > 0;

    /// <summary>A page was read, and this is the cursor of the one behind it.</summary>
    public void Arrived(string? next) => _next = next;

    /// <summary>To the next page.</summary>
    public void Forward()
    {
        if (_next is not null)
        {
            _before.Push(Current);
            (Current, _next) = (_next, null);
        }
    }

    /// <summary>To the page before.</summary>
    public void Back()
    {
        if (_before.TryPop(out var before))
        {
            Current = before;
        }
    }

    /// <summary>To the first page, as the list is another one now.</summary>
    public void Restart()
    {
        _before.Clear();
        (Current, _next) = (null, null);
    }
}
