using System.Diagnostics;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Tests;

/// <summary>Sets up applications and looks at processes.</summary>
internal static class Run
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    public static IDistributedApplicationTestingBuilder Builder(params string[] args)
    {
        var builder = DistributedApplicationTestingBuilder.Create(args);
        builder.Services.AddLogging(logging => logging.SetMinimumLevel(LogLevel.Warning));
        return builder;
    }

    public static async Task<DistributedApplication> StartAsync(this IDistributedApplicationTestingBuilder builder)
    {
        var application = await builder.BuildAsync();
        await application.StartAsync().WaitAsync(Patience);
        return application;
    }

    public static Task<ResourceEvent> UntilAsync(
        this DistributedApplication application,
        string resource,
        Func<CustomResourceSnapshot, bool> condition
    ) =>
        application
            .ResourceNotifications.WaitForResourceAsync(resource, e => condition(e.Snapshot))
            .WaitAsync(Patience);

    public static int Pid(this CustomResourceSnapshot snapshot) =>
        (int)snapshot.Properties.Single(p => p.Name == "executable.pid").Value!;

    /// <summary>What a resource has printed, without the time stamps, up to a line that says so.</summary>
    public static async Task<List<string>> OutputAsync(
        this DistributedApplication application,
        string resource,
        string last
    )
    {
        using var limit = new CancellationTokenSource(Patience);
        var model = application.Services.GetRequiredService<DistributedApplicationModel>();
        var lines = new List<string>();
        await foreach (
            var batch in application
                .Services.GetRequiredService<ResourceLoggerService>()
                .WatchAsync(model.Resources.Single(r => r.Name == resource))
                .WithCancellation(limit.Token)
        )
        {
            lines.AddRange(batch.Select(line => line.Content[(line.Content.IndexOf(' ') + 1)..]));
            if (lines.Any(line => line.Contains(last, StringComparison.Ordinal)))
            {
                break;
            }
        }

        return lines;
    }

    public static bool IsAlive(int pid) => Stat(pid) is [not "Z", ..];

    public static List<int> Children(int parent) => Processes(stat => stat[1] == $"{parent}");

    /// <summary>All processes of a group, but for zombies.</summary>
    public static List<int> Group(int group) => Processes(stat => stat[0] != "Z" && stat[2] == $"{group}");

    public static async Task EventuallyAsync(Func<bool> condition, string what)
    {
        var watch = Stopwatch.StartNew();
        while (!condition())
        {
            Assert.True(watch.Elapsed < Patience, what);
            await Task.Delay(50);
        }
    }

    private static List<int> Processes(Func<string[], bool> condition) =>
        [
            .. Directory
                .EnumerateDirectories("/proc")
                .Select(Path.GetFileName)
                .Where(n => int.TryParse(n, out _))
                .Select(n => int.Parse(n!))
                .Where(pid => Stat(pid) is { } stat && condition(stat)),
        ];

    /// <summary>State, parent, group and so on, see proc(5); null when there is no such process, or no more while it is looked at.</summary>
    private static string[]? Stat(int pid)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{pid}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null;
        }
    }
}
