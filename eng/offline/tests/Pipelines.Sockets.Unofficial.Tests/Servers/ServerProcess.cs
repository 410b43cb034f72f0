using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using StackExchange.Redis;

namespace Pipelines.Sockets.Unofficial.Tests.Servers;

/// <summary>
/// A Redis server on a free port of the loopback address, in a process group of its own, so that killing and freezing
/// reach it through whatever launched it. The group ends with the test host too, even if that crashes.
/// </summary>
public abstract class ServerProcess : IAsyncLifetime
{
    private readonly StringBuilder _log = new();
    private Process? _process;

    public int Port { get; } = FreePort();

    /// <summary>Name for test output.</summary>
    public abstract string Name { get; }

    /// <summary>The command line of the server.</summary>
    protected abstract IEnumerable<string> CommandLine { get; }

    /// <summary>What to do if it does not start.</summary>
    protected abstract string Remedy { get; }

    public Task InitializeAsync() => StartAsync();

    public virtual Task DisposeAsync()
    {
        Kill();
        return Task.CompletedTask;
    }

    public async Task StartAsync()
    {
        var start = new ProcessStartInfo("setsid")
        {
            ArgumentList = { "bash", "-c", Supervisor, "supervisor" },
            RedirectStandardInput = true, // never written: its end tells the supervisor that we are gone
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = AppContext.BaseDirectory, // dotnet looks for its tool manifest from here upwards
        };
        foreach (var argument in CommandLine)
        {
            start.ArgumentList.Add(argument);
        }

        _process = Process.Start(start) ?? throw new InvalidOperationException("setsid did not start.");
        _process.OutputDataReceived += Log;
        _process.ErrorDataReceived += Log;
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        await Eventually.Becomes(
            async () => _process.HasExited ? throw CannotStart() : await AnswersAsync(),
            $"{Name} answers on port {Port}"
        );
    }

    /// <summary>SIGKILL: no goodbye, connections are reset or closed by the kernel.</summary>
    public void Kill()
    {
        if (_process is { } process)
        {
            _process = null;
            Signal(process, SIGKILL);
            process.WaitForExit();
            process.Dispose();
        }
    }

    /// <summary>SIGSTOP: connections stay open, nothing answers. Returns when the last thread has stopped.</summary>
    public async Task FreezeAsync()
    {
        Signal(_process!, SIGSTOP);
        await Eventually.Becomes(
            () => ThreadStates(group: _process!.Id) is { Count: > 0 } states && states.All(state => state == 'T'),
            $"{Name} has stopped"
        );
    }

    /// <summary>SIGCONT.</summary>
    public void Thaw() => Signal(_process!, SIGCONT);

    /// <summary>Options for this server; retries quickly, so that tests of failures need not wait long.</summary>
    public virtual ConfigurationOptions Options() =>
        new()
        {
            EndPoints = { { IPAddress.Loopback, Port } },
            AbortOnConnectFail = false,
            AllowAdmin = true,
            ConnectTimeout = 5_000,
            AsyncTimeout = 20_000,
            SyncTimeout = 20_000,
            ReconnectRetryPolicy = new LinearRetry(100),
            BacklogPolicy = BacklogPolicy.Default,
        };

    public Task<ConnectionMultiplexer> ConnectAsync() => ConnectAsync(Options());

    public async Task<ConnectionMultiplexer> ConnectAsync(ConfigurationOptions options)
    {
        var redis = await ConnectionMultiplexer.ConnectAsync(options);
        Assert.True(redis.IsConnected, $"Connected to {Name}.");
        return redis;
    }

    /// <summary>Whether a PING gets its PONG over a plain socket; TLS servers only need to accept.</summary>
    protected virtual async Task<bool> AnswersAsync()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, Port);
        await socket.SendAsync("PING\r\n"u8.ToArray());
        var answer = new byte[7];
        return await socket.ReceiveAsync(answer) == answer.Length && answer.AsSpan().SequenceEqual("+PONG\r\n"u8);
    }

    private Xunit.Sdk.XunitException CannotStart()
    {
        lock (_log)
        {
            return new Xunit.Sdk.XunitException($"{Name} cannot be started: {Remedy} It said: {_log}");
        }
    }

    private void Log(object sender, DataReceivedEventArgs line)
    {
        lock (_log)
        {
            _log.AppendLine(line.Data);
        }
    }

    /// <summary>The state letters of all threads of a process group, see proc(5).</summary>
    private static List<char> ThreadStates(int group)
    {
        var states = new List<char>();
        foreach (
            var process in Directory
                .EnumerateDirectories("/proc")
                .Where(path => int.TryParse(Path.GetFileName(path), out _))
        )
        {
            try
            {
                if (int.Parse(Stat(process)[2]) == group)
                {
                    states.AddRange(
                        Directory.EnumerateDirectories($"{process}/task").Select(thread => Stat(thread)[0][0])
                    );
                }
            }
            catch (IOException)
            {
                // It ended while we looked.
            }
        }

        return states;
    }

    /// <summary>State, parent, process group and so on: what follows the name, which may contain spaces.</summary>
    private static string[] Stat(string path)
    {
        var text = File.ReadAllText($"{path}/stat");
        return text[(text.LastIndexOf(')') + 2)..].Split(' ');
    }

    /// <summary>Below the range from which the system takes ports for outgoing connections: such a one could take it while the server is down.</summary>
    private static int FreePort()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }

    private static void Signal(Process process, int signal)
    {
        if (!process.HasExited && Kill(-process.Id, signal) != 0)
        {
            throw new InvalidOperationException($"kill failed with error {Marshal.GetLastPInvokeError()}.");
        }
    }

    private const string Supervisor = "{ \"$@\"; kill -KILL 0; } & cat; kill -KILL 0";

    private const int SIGKILL = 9;
    private const int SIGCONT = 18;
    private const int SIGSTOP = 19;

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int pid, int signal);
}
