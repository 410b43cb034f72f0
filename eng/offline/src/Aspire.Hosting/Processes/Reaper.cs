using System.Diagnostics;

namespace Aspire.Hosting.Processes;

/// <summary>
/// Makes sure that no child outlives this process, even when it is killed. A small shell script in its own session
/// holds a pipe to the host; when the pipe ends it kills every process group that is registered as a file in
/// <see cref="Folder"/>. A child registers itself before it becomes the program it is to run, so there is no moment
/// at which it exists and is not known.
/// </summary>
internal sealed class Reaper(ILogger<Reaper> logger) : IAsyncDisposable
{
    private const int OrphanGraceSeconds = 3;
    private readonly Lock _gate = new();
    private readonly DirectoryInfo _temporary = Directory.CreateTempSubdirectory("aspire-");
    private Process? _watchdog;

    /// <summary>A folder that is gone with the run, for what children may leave behind.</summary>
    public string Scratch => _temporary.FullName;

    public string Folder => Path.Combine(_temporary.FullName, "groups");

    public void EnsureStarted()
    {
        lock (_gate)
        {
            if (_watchdog is not null)
            {
                return;
            }

            Directory.CreateDirectory(Folder);
            var start = new ProcessStartInfo("setsid") { RedirectStandardInput = true, WorkingDirectory = "/" };
            foreach (
                var argument in (string[])["sh", "-c", Script(), "aspire-reaper", Scratch, $"{OrphanGraceSeconds}"]
            )
            {
                start.ArgumentList.Add(argument);
            }

            _watchdog = Process.Start(start)!;
            _watchdog.EnableRaisingEvents = true;
            _watchdog.Exited += (_, _) =>
            {
                if (Directory.Exists(Folder))
                {
                    Log.Lost(logger);
                }
            };
        }
    }

    public void Forget(int group) => File.Delete(Path.Combine(Folder, $"{group}"));

    public async ValueTask DisposeAsync()
    {
        if (_watchdog is { } watchdog)
        {
            watchdog.StandardInput.Close();
            await watchdog.WaitForExitAsync().ConfigureAwait(false);
            watchdog.Dispose();
        }

        _temporary.Refresh();
        if (_temporary.Exists)
        {
            _temporary.Delete(recursive: true);
        }
    }

    private static string Script()
    {
        using var reader = new StreamReader(typeof(Reaper).Assembly.GetManifestResourceStream("reaper.sh")!);
        return reader.ReadToEnd();
    }

    private static class Log
    {
        private static readonly Action<ILogger, Exception?> s_lost = LoggerMessage.Define(
            LogLevel.Warning,
            new(1),
            "The process that cleans up after this host has gone: if the host is killed now, its children stay."
        );

        public static void Lost(ILogger logger) => s_lost(logger, null);
    }
}
