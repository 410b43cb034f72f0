namespace RealtimeSuite.Bench.Servers;

/// <summary>The folder with the servers that are not .NET's.</summary>
internal static class Alternatives
{
    /// <summary>A file of one of them, or its folder.</summary>
    public static string PathOf(params ReadOnlySpan<string> parts)
    {
        // artifacts/bin/Bench/release
        var repository = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Parent!.Parent!.Parent!;
        return Path.Combine([repository.FullName, "bench", "alternatives", .. parts]);
    }

    /// <summary>That file or folder.</summary>
    /// <exception cref="InvalidOperationException">It is not there; the sentence says what to install.</exception>
    public static string Require(string path, string whatToDo) =>
        Path.Exists(path) ? path : throw new InvalidOperationException($"{path} is missing: {whatToDo}.");
}
