using System.Globalization;

namespace Aspire.Hosting.Processes;

/// <summary>The folder for this run's logs, <c>artifacts/logs/&lt;time&gt;-&lt;application&gt;-&lt;pid&gt;</c>. Older ones are
/// removed but for the application's last ten, never those of a process that still runs.</summary>
internal sealed class RunFolder(string appHostDirectory, string applicationName, ILogger<RunFolder> logger)
{
    private const int Kept = 10;
    private readonly Lazy<string> _path = new(() => Create(appHostDirectory, applicationName, logger));

    public string Path => _path.Value;

    private static string Create(string appHostDirectory, string applicationName, ILogger logger)
    {
        try
        {
            return CreateIn(appHostDirectory, applicationName, logger);
        }
        catch (Exception exception) when (exception is UnauthorizedAccessException or IOException)
        {
            var elsewhere = Directory.CreateTempSubdirectory("aspire-logs-").FullName;
            Log.Elsewhere(logger, elsewhere, exception.Message);
            return elsewhere;
        }
    }

    private static string CreateIn(string appHostDirectory, string applicationName, ILogger logger)
    {
        var logs = Directory.CreateDirectory(System.IO.Path.Combine(Root(appHostDirectory), "artifacts", "logs"));
        RemoveOld(logs, applicationName, logger);
        var name = string.Create(
            CultureInfo.InvariantCulture,
            $"{DateTime.UtcNow:yyyyMMdd-HHmmss}-{applicationName}-{Environment.ProcessId}"
        );
        for (var n = 1; ; n++)
        {
            var path = System.IO.Path.Combine(logs.FullName, n == 1 ? name : $"{name}.{n}");
            if (!Directory.Exists(path))
            {
                return Directory.CreateDirectory(path).FullName;
            }
        }
    }

    // The root of the repository or solution, where there is one: that is where build output goes as well.
    private static string Root(string appHostDirectory)
    {
        for (var folder = new DirectoryInfo(appHostDirectory); folder is not null; folder = folder.Parent)
        {
            if (
                System.IO.Path.Exists(System.IO.Path.Combine(folder.FullName, ".git"))
                || folder.EnumerateFiles("*.sln*").Any()
            )
            {
                return folder.FullName;
            }
        }

        return appHostDirectory;
    }

    private static void RemoveOld(DirectoryInfo logs, string applicationName, ILogger logger)
    {
        var ended = logs.EnumerateDirectories($"????????-??????-{applicationName}-*")
            .Where(d => !IsAlive(d.Name))
            .OrderByDescending(d => d.Name, StringComparer.Ordinal);
        foreach (var old in ended.Skip(Kept - 1))
        {
            try
            {
                old.Delete(recursive: true);
            }
            catch (IOException exception)
            {
                // Another host was quicker.
                Log.NotRemoved(logger, old.FullName, exception);
            }
        }
    }

    private static bool IsAlive(string name) =>
        name.Split('-')[^1].Split('.')[0] is { Length: > 0 } pid && Directory.Exists($"/proc/{pid}");

    private static class Log
    {
        private static readonly Action<ILogger, string, Exception?> s_notRemoved = LoggerMessage.Define<string>(
            LogLevel.Debug,
            new(1),
            "The old log folder {Folder} was not removed"
        );

        private static readonly Action<ILogger, string, string, Exception?> s_elsewhere = LoggerMessage.Define<
            string,
            string
        >(LogLevel.Warning, new(2), "The logs of this run are in {Folder}: {Reason}");

        public static void Elsewhere(ILogger logger, string folder, string reason) =>
            s_elsewhere(logger, folder, reason, null);

        public static void NotRemoved(ILogger logger, string folder, Exception exception) =>
            s_notRemoved(logger, folder, exception);
    }
}
