using System.Collections.Concurrent;
using System.Globalization;

namespace Aspire.Hosting.Processes;

/// <summary>Takes every line of every resource: to its file always, to the console when run, to the host's own log
/// when a test asks for it.</summary>
internal sealed class ResourceOutput(
    RunFolder folder,
    DistributedApplicationOptions options,
    ILoggerFactory loggers,
    IHostEnvironment environment
) : IDisposable
{
    private readonly ConcurrentDictionary<string, Destination> _destinations = new(StringComparer.OrdinalIgnoreCase);

    /// <summary>Names the instances: <c>api</c>, or <c>gateway-1</c> and <c>gateway-2</c>.</summary>
    public void Add(IResource resource)
    {
        var ids = InstanceIds.Of(resource);
        for (var i = 0; i < ids.Count; i++)
        {
            Add(ids[i], ids.Count == 1 ? resource.Name : $"{resource.Name}-{i + 1}");
        }
    }

    public void Add(string id, string label) =>
        _destinations.TryAdd(
            id,
            new(
                label,
                new(() =>
                    TextWriter.Synchronized(
                        new StreamWriter(Path.Combine(folder.Path, label + ".log"), append: true) { AutoFlush = true }
                    )
                ),
                options.EnableResourceLogging
                    ? loggers.CreateLogger($"{environment.ApplicationName}.Resources.{label}")
                    : null
            )
        );

    public void Write(string id, string text, bool isError)
    {
        if (WriteToFile(id, text) is not { } to)
        {
            return;
        }

        if (!options.UnderTest)
        {
            Console.WriteLine($"{to.Label} | {text}");
        }
        else if (to.Logger is { } logger)
        {
            Log.Line(logger, isError ? LogLevel.Error : LogLevel.Information, text);
        }
    }

    public Destination? WriteToFile(string id, string text)
    {
        var to = _destinations.GetValueOrDefault(id);
        to?.File.Value.WriteLine(DateTime.UtcNow.ToString("HH:mm:ss.fff ", CultureInfo.InvariantCulture) + text);
        return to;
    }

    public void Dispose()
    {
        foreach (var id in _destinations.Keys)
        {
            if (_destinations.TryRemove(id, out var destination) && destination.File.IsValueCreated)
            {
                destination.File.Value.Dispose();
            }
        }
    }

    internal sealed record Destination(string Label, Lazy<TextWriter> File, ILogger? Logger);

    private static class Log
    {
        private static readonly Action<ILogger, string, Exception?> s_information = LoggerMessage.Define<string>(
            LogLevel.Information,
            new(1),
            "{Line}"
        );

        private static readonly Action<ILogger, string, Exception?> s_error = LoggerMessage.Define<string>(
            LogLevel.Error,
            new(2),
            "{Line}"
        );

        public static void Line(ILogger logger, LogLevel level, string line) =>
            (level == LogLevel.Error ? s_error : s_information)(logger, line, null);
    }
}
