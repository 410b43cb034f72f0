using System.Collections.Concurrent;
using Aspire.Hosting.Relay;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Health;

/// <summary>
/// One loop a resource: runs its health checks while it runs, publishes the reports to its instances, and publishes
/// <see cref="ResourceReadyEvent"/> when it is healthy for the first time since it was last down altogether.
/// </summary>
internal sealed class ResourceHealthMonitor(
    ResourceNotificationService notifications,
    IDistributedApplicationEventing eventing,
    IServiceProvider services,
    ILogger<ResourceHealthMonitor> logger
)
{
    private static readonly TimeSpan s_whileWaiting = TimeSpan.FromMilliseconds(250);
    private static readonly TimeSpan s_whenHealthy = TimeSpan.FromSeconds(5);
    private readonly ConcurrentDictionary<IResource, SemaphoreSlim> _nudges = new();

    /// <summary>An instance has started: look at once.</summary>
    public void Nudge(IResource resource) => Signal(resource).Release();

    /// <param name="relayedPorts">The ports an instance listens on behind a relay; one answer may come from another
    /// instance, so an instance counts as healthy only when its own ports accept.</param>
    public async Task RunAsync(
        IResource resource,
        Func<string, IEnumerable<int>> relayedPorts,
        CancellationToken stopping
    )
    {
        var keys = resource
            .Annotations.OfType<HealthCheckAnnotation>()
            .Select(a => a.Key)
            .ToHashSet(StringComparer.Ordinal);
        var (ready, known) = (false, new HashSet<(string Id, DateTime? Started)>());
        try
        {
            while (!stopping.IsCancellationRequested)
            {
                // Each start of an instance counts: when none is left of those that were ready, the resource has been down.
                var starts = InstanceIds
                    .Of(resource)
                    .Select(Running)
                    .OfType<(string Id, DateTime? Started)>()
                    .ToHashSet();
                ready &= known.Overlaps(starts);
                known = starts;
                var running = starts.Select(s => s.Id).ToArray();
                var healthy =
                    running.Length > 0
                    && (
                        keys.Count == 0
                        || await CheckAsync(resource, keys, running, relayedPorts, stopping).ConfigureAwait(false)
                    );
                ready = ready || (healthy && await PublishReadyAsync(resource, stopping).ConfigureAwait(false));
                if (ready)
                {
                    await MarkReadyAsync(resource, running).ConfigureAwait(false);
                }

                await Signal(resource)
                    .WaitAsync(healthy && ready ? s_whenHealthy : s_whileWaiting, stopping)
                    .ConfigureAwait(false);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // The application stops.
        }
        catch (ObjectDisposedException)
        {
            // The application is given up without having been stopped: then its services go before the resources do.
        }
    }

    private SemaphoreSlim Signal(IResource resource) => _nudges.GetOrAdd(resource, static _ => new(0));

    private (string Id, DateTime? Started)? Running(string id) =>
        notifications.TryGetCurrentState(id, out var state) && state.Snapshot.State?.Text == KnownResourceStates.Running
            ? (id, state.Snapshot.StartTimeStamp)
            : null;

    private async Task<bool> CheckAsync(
        IResource resource,
        HashSet<string> keys,
        string[] running,
        Func<string, IEnumerable<int>> relayedPorts,
        CancellationToken stopping
    )
    {
        var report = await services
            .GetRequiredService<HealthCheckService>()
            .CheckHealthAsync(r => keys.Contains(r.Name), stopping)
            .ConfigureAwait(false);
        var all = true;
        foreach (var id in running)
        {
            var listens =
                report.Status != HealthStatus.Healthy
                || await ListensAsync(relayedPorts(id), stopping).ConfigureAwait(false);
            all &= listens;
            await notifications
                .PublishUpdateAsync(
                    resource,
                    id,
                    snapshot =>
                    {
                        var reports = snapshot.HealthReports.Select(r => Update(r, report, listens)).ToArray();
                        return reports.SequenceEqual(snapshot.HealthReports)
                            ? snapshot
                            : snapshot with
                            {
                                HealthReports = [.. reports],
                            };
                    }
                )
                .ConfigureAwait(false);
        }

        return all && report.Status == HealthStatus.Healthy && report.Entries.Count == keys.Count;
    }

    // Left as it was while nothing has changed: watchers are told of changes only.
    private static HealthReportSnapshot Update(HealthReportSnapshot before, HealthReport report, bool listens)
    {
        if (!report.Entries.TryGetValue(before.Name, out var entry))
        {
            return before with
            {
                Status = HealthStatus.Unhealthy,
                Description = "No health check is registered under this name.",
            };
        }

        var status = listens ? entry.Status : HealthStatus.Unhealthy;
        var description = listens ? entry.Description : "The instance does not listen yet.";
        return before.Status == status && before.Description == description
            ? before
            : before with
            {
                Status = status,
                Description = description,
                ExceptionText = entry.Exception?.ToString(),
                LastRunAt = DateTime.UtcNow,
            };
    }

    private static async Task<bool> ListensAsync(IEnumerable<int> ports, CancellationToken stopping)
    {
        foreach (var port in ports)
        {
            using var socket = await LoopbackConnection.TryOpenAsync(port, stopping).ConfigureAwait(false);
            if (socket is null)
            {
                return false;
            }
        }

        return true;
    }

    private async Task<bool> PublishReadyAsync(IResource resource, CancellationToken stopping)
    {
        try
        {
            await eventing.PublishAsync(new ResourceReadyEvent(resource, services), stopping).ConfigureAwait(false);
            return true;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // What depends on the resource must not start yet; tried again with the next check.
            Log.ReadyFailed(logger, resource.Name, exception);
            return false;
        }
    }

    private Task MarkReadyAsync(IResource resource, string[] running) =>
        Task.WhenAll(
            running
                .Where(id =>
                    notifications.TryGetCurrentState(id, out var state)
                    && state.Snapshot is { IsReady: false, State.Text: "Running" }
                )
                .Select(id =>
                    notifications.PublishUpdateAsync(
                        resource,
                        id,
                        s => s with { IsReady = s.State?.Text == KnownResourceStates.Running }
                    )
                )
        );

    private static class Log
    {
        private static readonly Action<ILogger, string, Exception?> s_readyFailed = LoggerMessage.Define<string>(
            LogLevel.Error,
            new(1),
            "What is to happen when the resource '{Resource}' is ready has failed and is tried again"
        );

        public static void ReadyFailed(ILogger logger, string resource, Exception exception) =>
            s_readyFailed(logger, resource, exception);
    }
}
