using System.Diagnostics;
using System.Globalization;

namespace RealtimeSuite.Testing.Servers;

/// <summary>Signals to processes, by <c>kill</c>. Not on Windows.</summary>
public static class ProcessSignal
{
    private const char Stopped = 'T';

    /// <summary>SIGSTOP, to all at once: they stand still, their connections stay open. Returns when the last of their threads stands.</summary>
    public static async Task StopAsync(params IReadOnlyList<int> processes)
    {
        await SendAsync("STOP", processes);
        await Eventually.TrueAsync(() => processes.All(Stands), "every thread stands still");
    }

    /// <summary>SIGCONT: they go on.</summary>
    public static Task ContinueAsync(params IReadOnlyList<int> processes) => SendAsync("CONT", processes);

    /// <summary>SIGTERM: they are asked to end.</summary>
    public static Task TerminateAsync(params IReadOnlyList<int> processes) => SendAsync("TERM", processes);

    /// <summary>SIGKILL: they are gone.</summary>
    public static Task KillAsync(params IReadOnlyList<int> processes) => SendAsync("KILL", processes);

    private static async Task SendAsync(string signal, IReadOnlyList<int> processes)
    {
        using var kill = Process.Start(
            "kill",
            ["-" + signal, .. processes.Select(id => id.ToString(CultureInfo.InvariantCulture))]
        );
        await kill.WaitForExitAsync();
        if (kill.ExitCode != 0)
        {
            throw new InvalidOperationException($"SIG{signal} did not reach {string.Join(", ", processes)}.");
        }
    }

    /// <summary>The signal is on its way for a moment: until it has come, a thread that runs on another core runs on. A system without /proc does not tell.</summary>
    private static bool Stands(int process)
    {
        var threads = $"/proc/{process}/task";
        return !Directory.Exists("/proc/self")
            || Directory.EnumerateDirectories(threads).All(thread => State(thread) is Stopped or null);
    }

    /// <summary>What stands behind the name, which is in brackets and may hold any sign; null when the thread has ended.</summary>
    private static char? State(string thread)
    {
        try
        {
            var stat = File.ReadAllText($"{thread}/stat");
            return stat[stat.LastIndexOf(')') + 2];
        }
        catch (IOException)
        {
            return null;
        }
    }
}
