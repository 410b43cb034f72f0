namespace RealtimeSuite.Bench.Reporting;

/// <summary>The place of a scenario's figures in the README: between the comments <c>NAME:begin</c> and <c>NAME:end</c>.</summary>
internal static class ReadmeTable
{
    /// <summary>Replaces what stands there.</summary>
    /// <exception cref="InvalidOperationException">The README has no such place.</exception>
    public static async Task WriteAsync(string readme, string scenario, string text)
    {
        var (begin, end) = ($"<!-- {scenario}:begin -->", $"<!-- {scenario}:end -->");
        var old = await File.ReadAllTextAsync(readme);
        var (from, to) = (old.IndexOf(begin, StringComparison.Ordinal), old.IndexOf(end, StringComparison.Ordinal));
        if (from < 0 || to < from)
        {
            throw new InvalidOperationException($"{readme} must have the lines {begin} and {end}.");
        }

        await File.WriteAllTextAsync(readme, $"{old[..(from + begin.Length)]}\n{text.Trim()}\n{old[to..]}");
    }
}
