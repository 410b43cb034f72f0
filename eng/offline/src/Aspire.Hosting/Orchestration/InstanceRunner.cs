using System.Collections.Immutable;
using Aspire.Hosting.Health;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Orchestration;

/// <summary>
/// One instance of a resource: starts its process, watches it, and starts it again with growing delays when it fails.
/// Commands are taken one at a time; between two of them one loop alone owns the process.
/// </summary>
internal sealed class InstanceRunner(
    IResource resource,
    string id,
    InstancePorts ports,
    bool mayRestart,
    ProcessSpecBuilder specs,
    Reaper reaper,
    SupervisionSettings settings,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    ResourceHealthMonitor health,
    Func<CustomResourceSnapshot, Task> stopped
) : IAsyncDisposable
{
    private readonly SemaphoreSlim _command = new(1, 1);
    private readonly ILogger _logger = logs.GetLogger(id);
    private CancellationTokenSource? _stopping;
    private Task _supervision = Task.CompletedTask;
    private volatile ChildProcess? _process;

    public string Id => id;

    public InstancePorts Ports => ports;

    /// <summary>Starts the process and returns when it runs or has failed to. Does nothing when it runs already; cuts a
    /// restart delay short.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _command.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_process is not null)
            {
                return;
            }

            await EndSupervisionAsync().ConfigureAwait(false);
            var started = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            _stopping = new();
            _supervision = SuperviseAsync(started, _stopping.Token);
            await started.Task.ConfigureAwait(false);
        }
        finally
        {
            _command.Release();
        }
    }

    public async Task StopAsync()
    {
        await _command.WaitAsync().ConfigureAwait(false);
        try
        {
            await EndSupervisionAsync().ConfigureAwait(false);
        }
        finally
        {
            _command.Release();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync().ConfigureAwait(false);

    private async Task EndSupervisionAsync()
    {
        if (_stopping is not { } stopping)
        {
            return;
        }

        // First, so that a process that is being started just now is seen here or stops itself.
        await stopping.CancelAsync().ConfigureAwait(false);
        if (_process is { } process)
        {
            await PublishAsync(s => s with { State = KnownResourceStates.Stopping }).ConfigureAwait(false);
            ports.Close();
            if (await process.StopAsync(settings.GracePeriod).ConfigureAwait(false))
            {
                Log.Killed(_logger, settings.GracePeriod.TotalSeconds);
            }
        }

        await _supervision.ConfigureAwait(false);
        stopping.Dispose();
        _stopping = null;
    }

    private async Task SuperviseAsync(TaskCompletionSource started, CancellationToken stopping)
    {
        var delay = SupervisionSettings.FirstDelay;
        while (true)
        {
            var begun = DateTime.UtcNow;
            int exitCode;
            try
            {
                exitCode = await RunOnceAsync(started, stopping).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                // Not the process but what it was to be started with: trying again would not help.
                await FailAsync(exception, stopping.IsCancellationRequested).ConfigureAwait(false);
                started.TrySetResult();
                return;
            }

            var asked = stopping.IsCancellationRequested;
            delay = DateTime.UtcNow - begun >= SupervisionSettings.Well ? SupervisionSettings.FirstDelay : delay;
            var again = !asked && exitCode != 0 && mayRestart && settings.Restart;
            await PublishEndAsync(exitCode, asked, again).ConfigureAwait(false);
            if (!again)
            {
                return;
            }

            Log.Restarting(_logger, exitCode, delay.TotalSeconds);
            await Task.Delay(delay, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stopping.IsCancellationRequested)
            {
                await PublishEndAsync(exitCode, asked: true, again: false).ConfigureAwait(false);
                return;
            }

            delay = delay * 2 < SupervisionSettings.LongestDelay ? delay * 2 : SupervisionSettings.LongestDelay;
        }
    }

    private async Task<int> RunOnceAsync(TaskCompletionSource started, CancellationToken stopping)
    {
        await PublishAsync(s =>
                s with
                {
                    State = KnownResourceStates.Starting,
                    RestartPending = false,
                    IsReady = false,
                    Failure = null,
                    ExitCode = null,
                    StopTimeStamp = null,
                    HealthReports = [.. s.HealthReports.Select(r => r with { Status = null })],
                }
            )
            .ConfigureAwait(false);
        var spec = await specs.BuildAsync(resource, id, ports, _logger, stopping).ConfigureAwait(false);
        stopping.ThrowIfCancellationRequested();
        using var process = ChildProcess.Start(spec, reaper, (text, isError) => logs.Write(id, text, isError));
        _process = process;
        try
        {
            ports.Open();
            await PublishAsync(s =>
                    s with
                    {
                        State = new ResourceStateSnapshot(
                            KnownResourceStates.Running,
                            KnownResourceStateStyles.Success
                        ),
                        StartTimeStamp = DateTime.UtcNow,
                        Properties = Describe(s.Properties, spec, process.Id),
                        EnvironmentVariables =
                        [
                            .. spec.Environment.Select(e => new EnvironmentVariableSnapshot(e.Key, e.Value, true)),
                        ],
                    }
                )
                .ConfigureAwait(false);
            health.Nudge(resource);
            started.TrySetResult();
            if (stopping.IsCancellationRequested)
            {
                await process.StopAsync(settings.GracePeriod).ConfigureAwait(false);
            }

            return await process.WaitForExitAsync().ConfigureAwait(false);
        }
        finally
        {
            ports.Close();
            _process = null;
        }
    }

    private async Task PublishEndAsync(int exitCode, bool asked, bool again)
    {
        var state = exitCode == 0 && !asked ? KnownResourceStates.Finished : KnownResourceStates.Exited;
        CustomResourceSnapshot? last = null;
        await PublishAsync(s =>
                last = s with
                {
                    State = new ResourceStateSnapshot(
                        state,
                        exitCode == 0 || asked ? null : KnownResourceStateStyles.Error
                    ),
                    ExitCode = exitCode,
                    StopTimeStamp = DateTime.UtcNow,
                    RestartPending = again,
                    IsReady = false,
                }
            )
            .ConfigureAwait(false);
        await stopped(last!).ConfigureAwait(false);
    }

    private async Task FailAsync(Exception exception, bool asked)
    {
        if (!asked)
        {
            Log.NotStarted(
                _logger,
                resource.Name,
                exception.Message,
                exception is DistributedApplicationException ? null : exception
            );
        }

        await PublishAsync(s =>
                s with
                {
                    State = asked
                        ? KnownResourceStates.Exited
                        : new ResourceStateSnapshot(KnownResourceStates.FailedToStart, KnownResourceStateStyles.Error),
                    StopTimeStamp = DateTime.UtcNow,
                    Failure = exception.Message,
                }
            )
            .ConfigureAwait(false);
    }

    private Task PublishAsync(Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        notifications.PublishUpdateAsync(resource, id, change);

    private static ImmutableArray<ResourcePropertySnapshot> Describe(
        ImmutableArray<ResourcePropertySnapshot> before,
        ProcessSpec spec,
        int pid
    )
    {
        ResourcePropertySnapshot[] now =
        [
            new(KnownProperties.ExecutablePath, spec.Command),
            new(KnownProperties.ExecutableWorkDir, spec.WorkingDirectory),
            new(KnownProperties.ExecutableArgs, spec.Arguments.ToImmutableArray()) { IsSensitive = true },
            new(KnownProperties.ExecutablePid, pid),
        ];
        return [.. before.Where(p => now.All(n => n.Name != p.Name)), .. now];
    }

    private static class Log
    {
        private static readonly Action<ILogger, int, double, Exception?> s_restarting = LoggerMessage.Define<
            int,
            double
        >(LogLevel.Warning, new(1), "Ended with exit code {ExitCode}; starts again in {Seconds} s");

        private static readonly Action<ILogger, double, Exception?> s_killed = LoggerMessage.Define<double>(
            LogLevel.Warning,
            new(2),
            "Did not stop within {Seconds} s and was killed"
        );

        private static readonly Action<ILogger, string, string, Exception?> s_notStarted = LoggerMessage.Define<
            string,
            string
        >(LogLevel.Error, new(3), "The resource '{Resource}' failed to start: {Reason}");

        public static void Restarting(ILogger logger, int exitCode, double seconds) =>
            s_restarting(logger, exitCode, seconds, null);

        public static void Killed(ILogger logger, double seconds) => s_killed(logger, seconds, null);

        public static void NotStarted(ILogger logger, string resource, string reason, Exception? exception) =>
            s_notStarted(logger, resource, reason, exception);
    }
}
