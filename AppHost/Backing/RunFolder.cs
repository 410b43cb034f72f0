using System.Diagnostics;
using System.Globalization;

namespace RealtimeSuite.AppHost.Backing;

/// <summary>Folders for the files of the embedded servers, <c>artifacts/embedded/{process}/{name}</c>. Each run has its own, so that two never share one.</summary>
internal static class RunFolder
{
    /// <summary>Makes an empty folder for this run and removes those of runs that have ended.</summary>
    public static string Create(string appHostDirectory, string name)
    {
        var parent = Path.GetFullPath(Path.Combine(appHostDirectory, "..", "artifacts", "embedded"));
        Directory.CreateDirectory(parent);
        RemoveOfEndedRuns(parent);
        var run = string.Create(CultureInfo.InvariantCulture, $"{Environment.ProcessId}-{Guid.NewGuid():N}");
        return Directory.CreateDirectory(Path.Combine(parent, run, name)).FullName;
    }

    private static void RemoveOfEndedRuns(string parent)
    {
        foreach (var folder in Directory.EnumerateDirectories(parent))
        {
            var process = Path.GetFileName(folder).Split('-')[0];
            if (!int.TryParse(process, CultureInfo.InvariantCulture, out var id) || !IsRunning(id))
            {
                TryDelete(folder);
            }
        }
    }

    private static bool IsRunning(int processId)
    {
        try
        {
            using var process = Process.GetProcessById(processId);
            return !process.HasExited;
        }
        catch (ArgumentException)
        {
            return false;
        }
    }

    private static void TryDelete(string folder)
    {
        try
        {
            Directory.Delete(folder, recursive: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            // Another AppHost is removing it too, or it belongs to somebody else: it is looked at again next time.
        }
    }
}
