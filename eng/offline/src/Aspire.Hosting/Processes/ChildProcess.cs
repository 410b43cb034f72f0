using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.Processes;

internal sealed record ProcessSpec(
    string Command,
    IReadOnlyList<string> Arguments,
    string WorkingDirectory,
    IReadOnlyDictionary<string, string> Environment
);

/// <summary>One running child, leader of its own session and process group. Signals go to the whole group.</summary>
internal sealed class ChildProcess : IDisposable
{
    private const int SigKill = 9;
    private const int SigTerm = 15;

    // Registers with the reaper, then becomes the program: the process id stays the same.
    private const string Register = ": > \"$0/$$\" || exit 125; exec \"$@\" </dev/null";

    private static readonly string[] s_notInherited =
    [
        "ASPNETCORE_URLS",
        "ASPNETCORE_HTTP_PORTS",
        "ASPNETCORE_HTTPS_PORTS",
        "ASPNETCORE_ENVIRONMENT",
        "DOTNET_ENVIRONMENT",
        "DOTNET_LAUNCH_PROFILE",
    ];

    private readonly Process _process;
    private readonly Reaper _reaper;
    private readonly Task _exit;
    private readonly Task _output;

    private ChildProcess(Process process, Reaper reaper, Action<string, bool> line)
    {
        _process = process;
        _reaper = reaper;
        Id = process.Id;
        _exit = process.WaitForExitAsync();
        _output = Task.WhenAll(
            LinePump.RunAsync(process.StandardOutput, text => line(text, false)),
            LinePump.RunAsync(process.StandardError, text => line(text, true))
        );
    }

    public int Id { get; }

    public static ChildProcess Start(ProcessSpec spec, Reaper reaper, Action<string, bool> line)
    {
        reaper.EnsureStarted();
        var start = new ProcessStartInfo("setsid")
        {
            WorkingDirectory = spec.WorkingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in (string[])["sh", "-c", Register, reaper.Folder, spec.Command, .. spec.Arguments])
        {
            start.ArgumentList.Add(argument);
        }

        foreach (var name in s_notInherited)
        {
            start.Environment.Remove(name);
        }

        foreach (var (name, value) in spec.Environment)
        {
            start.Environment[name] = value;
        }

        return new(Process.Start(start)!, reaper, line);
    }

    /// <summary>Waits for the end and takes down whatever the leader left in its group. Returns the exit code; a
    /// signal n counts as 128 + n.</summary>
    public async Task<int> WaitForExitAsync()
    {
        await _exit.ConfigureAwait(false);
        _ = kill(-Id, SigKill);
        _reaper.Forget(Id);

        // The last lines are still in the pipes; something that left the group must not hold us up.
        await _output.WaitAsync(TimeSpan.FromSeconds(2)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        return _process.ExitCode;
    }

    /// <summary>SIGTERM, then SIGKILL after the grace. The exit itself is seen by <see cref="WaitForExitAsync"/>.</summary>
    /// <returns>Whether it had to be killed.</returns>
    public async Task<bool> StopAsync(TimeSpan grace)
    {
        using var limit = new CancellationTokenSource(grace);

        // A child that has only just started may not lead its group yet: the signal is sent until it finds one.
        while (kill(-Id, SigTerm) != 0 && !_exit.IsCompleted && !limit.IsCancellationRequested)
        {
            await Task.Delay(5).ConfigureAwait(false);
        }

        await _exit.WaitAsync(limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (_exit.IsCompleted)
        {
            return false;
        }

        _ = kill(-Id, SigKill);
        return true;
    }

    public void Dispose() => _process.Dispose();

    [DllImport("libc", SetLastError = true)]
    private static extern int kill(int pid, int signal);
}
