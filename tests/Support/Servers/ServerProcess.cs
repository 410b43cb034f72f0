using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RealtimeSuite.Testing.Servers;

/// <summary>A server in a process of its own, on a loopback port, killed with the test.</summary>
public abstract class ServerProcess(int port) : IAsyncDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private readonly ConcurrentQueue<string> _output = new();
    private Process? _process;

    /// <summary>The port it listens on; the same after a restart.</summary>
    public int Port { get; } = port;

    /// <summary>Host and port.</summary>
    public string Address => $"127.0.0.1:{Port}";

    /// <summary>The process that it and all that it starts descend from; while it runs.</summary>
    public int ProcessId => _process!.Id;

    /// <summary>The program, its arguments and environment.</summary>
    protected abstract ProcessStartInfo Command { get; }

    /// <summary>Starts it and waits until it accepts connections.</summary>
    public async Task StartAsync()
    {
        var command = Supervised(Command);
        command.RedirectStandardInput = true;
        // A killed .NET process leaves the pipes of its debugger behind; without one there are none.
        command.Environment["DOTNET_EnableDiagnostics"] = "0";
        command.RedirectStandardOutput = true;
        command.RedirectStandardError = true;
        _process = new Process { StartInfo = command };
        _process.OutputDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.ErrorDataReceived += (_, line) => _output.Enqueue(line.Data ?? "");
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.TrueAsync(
            AcceptsAsync,
            $"{GetType().Name} listens on {Port}",
            Patience,
            () => string.Join('\n', _output)
        );
    }

    /// <summary>Ends it without warning, as a crash would.</summary>
    public async Task KillAsync()
    {
        if (_process is { HasExited: false })
        {
            _process.Kill(entireProcessTree: true);
            await _process.WaitForExitAsync();
        }

        _process?.Dispose();
        _process = null;
    }

    /// <summary>Stops it in the middle of what it does: its connections stay open and nothing is answered. Not on Windows.</summary>
    public async Task PauseAsync() => await ProcessSignal.StopAsync(await ProgramsAsync());

    /// <summary>Lets it go on.</summary>
    public async Task ResumeAsync() => await ProcessSignal.ContinueAsync(await ProgramsAsync());

    /// <summary>Asks it to stop, as an orchestrator does: SIGTERM. Not on Windows.</summary>
    public async Task TerminateAsync() => await ProcessSignal.TerminateAsync(await ProgramsAsync());

    public virtual async ValueTask DisposeAsync()
    {
        await KillAsync();
        GC.SuppressFinalize(this);
    }

    /// <summary>The process id of the program, which is the child of its supervisor.</summary>
    protected async Task<int[]> ProgramsAsync()
    {
        var children = await File.ReadAllTextAsync($"/proc/{_process!.Id}/task/{_process.Id}/children");
        return
        [
            .. children
                .Split(' ', StringSplitOptions.RemoveEmptyEntries)
                .Select(id => int.Parse(id, CultureInfo.InvariantCulture)),
        ];
    }

    /// <summary>The same command under a shell that kills it when this process is gone, however it went: then the shell's input ends.</summary>
    private static ProcessStartInfo Supervised(ProcessStartInfo command)
    {
        if (OperatingSystem.IsWindows())
        {
            return command;
        }

        const string Script = "exec 3<&0; \"$@\" </dev/null 3<&- & read -r _ <&3; kill -9 $! 2>/dev/null";
        var supervised = new ProcessStartInfo(
            "/bin/sh",
            ["-c", Script, "sh", command.FileName, .. command.ArgumentList]
        );
        foreach (var (name, value) in command.Environment)
        {
            supervised.Environment[name] = value;
        }

        return supervised;
    }

    private async Task<bool> AcceptsAsync()
    {
        if (_process is { HasExited: true })
        {
            throw new InvalidOperationException($"{GetType().Name} ended at once:\n{string.Join('\n', _output)}");
        }

        try
        {
            using var client = new TcpClient();
            await client.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
