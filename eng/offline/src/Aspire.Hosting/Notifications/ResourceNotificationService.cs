using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;

namespace Aspire.Hosting.ApplicationModel;

public class ResourceNotificationServiceOptions
{
    /// <summary>What a wait without its own choice does. Set to stop when there is no dashboard to recover from.</summary>
    public WaitBehavior DefaultWaitBehavior { get; set; }
}

/// <summary>Holds the latest snapshot of every instance and tells watchers of each change, in order.</summary>
public class ResourceNotificationService : IDisposable
{
    private readonly Lock _gate = new();
    private readonly Dictionary<string, ResourceEvent> _current = new(StringComparer.OrdinalIgnoreCase);
    private readonly List<Channel<ResourceEvent>> _watchers = [];
    private readonly CancellationTokenSource _disposing = new();
    private readonly CancellationToken _stopped;
    private readonly ILogger<ResourceNotificationService> _logger;
    private readonly IServiceProvider _services;

    public ResourceNotificationService(
        ILogger<ResourceNotificationService> logger,
        IHostApplicationLifetime hostApplicationLifetime,
        IServiceProvider serviceProvider,
        ResourceLoggerService resourceLoggerService
    )
    {
        ArgumentNullException.ThrowIfNull(resourceLoggerService);
        _logger = logger;
        _services = serviceProvider;
        _stopped = CancellationTokenSource
            .CreateLinkedTokenSource(_disposing.Token, hostApplicationLifetime.ApplicationStopped)
            .Token;
    }

    private WaitBehavior DefaultWaitBehavior =>
        _services.GetService<IOptions<ResourceNotificationServiceOptions>>()?.Value.DefaultWaitBehavior
        ?? WaitBehavior.WaitOnResourceUnavailable;

    public Task WaitForResourceAsync(
        string resourceName,
        string? targetState = null,
        CancellationToken cancellationToken = default
    ) => WaitForResourceAsync(resourceName, [targetState ?? KnownResourceStates.Running], cancellationToken);

    public async Task<string> WaitForResourceAsync(
        string resourceName,
        IEnumerable<string> targetStates,
        CancellationToken cancellationToken = default
    )
    {
        var states = targetStates.ToArray();
        var found = await WaitForResourceAsync(
                resourceName,
                e => e.Snapshot.State?.Text is { } state && states.Contains(state, StringComparer.OrdinalIgnoreCase),
                cancellationToken
            )
            .ConfigureAwait(false);
        return found.Snapshot.State!.Text;
    }

    public async Task<ResourceEvent> WaitForResourceAsync(
        string resourceName,
        Func<ResourceEvent, bool> predicate,
        CancellationToken cancellationToken = default
    )
    {
        await foreach (var change in WatchAsync(cancellationToken).ConfigureAwait(false))
        {
            if (IsNamed(change, resourceName) && predicate(change))
            {
                return change;
            }
        }

        throw new OperationCanceledException(
            $"The application stopped before the wait for resource '{resourceName}' was over."
        );
    }

    public Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName,
        CancellationToken cancellationToken = default
    ) => WaitForResourceHealthyAsync(resourceName, DefaultWaitBehavior, cancellationToken);

    public async Task<ResourceEvent> WaitForResourceHealthyAsync(
        string resourceName,
        WaitBehavior waitBehavior,
        CancellationToken cancellationToken = default
    )
    {
        var found = await WaitForResourceAsync(
                resourceName,
                e =>
                    IsHealthyAndReady(e.Snapshot)
                    || (waitBehavior == WaitBehavior.StopOnResourceUnavailable && HasEnded(e.Snapshot)),
                cancellationToken
            )
            .ConfigureAwait(false);
        if (HasEnded(found.Snapshot))
        {
            throw new DistributedApplicationException(
                $"Stopped waiting for resource '{resourceName}' to become healthy because it is in the state '{found.Snapshot.State?.Text}'. {found.Snapshot.Failure}".TrimEnd()
            );
        }

        return found;
    }

    public Task WaitForDependenciesAsync(IResource resource, CancellationToken cancellationToken)
    {
        var waits = resource.Annotations.OfType<WaitAnnotation>().ToArray();
        return Task.WhenAll(waits.Select(wait => WaitForDependencyAsync(resource, wait, cancellationToken)));
    }

    public bool TryGetCurrentState(string resourceId, [NotNullWhen(true)] out ResourceEvent? resourceEvent)
    {
        lock (_gate)
        {
            return _current.TryGetValue(resourceId, out resourceEvent);
        }
    }

    /// <summary>First the current state of every instance, then every change until the application has stopped.</summary>
    public async IAsyncEnumerable<ResourceEvent> WatchAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        // Unbounded on purpose: a publisher must never wait for a watcher, and changes are few.
        var channel = Channel.CreateUnbounded<ResourceEvent>(new() { SingleReader = true });
        lock (_gate)
        {
            foreach (var state in _current.Values)
            {
                channel.Writer.TryWrite(state);
            }

            _watchers.Add(channel);
        }

        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopped);
        try
        {
            await foreach (var change in channel.Reader.ReadAllAsync(either.Token).ConfigureAwait(false))
            {
                yield return change;
            }
        }
        finally
        {
            lock (_gate)
            {
                _watchers.Remove(channel);
            }
        }
    }

    /// <summary>Changes one instance. The factory runs under the lock that orders changes, so it must be quick.</summary>
    public Task PublishUpdateAsync(
        IResource resource,
        string resourceId,
        Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory
    )
    {
        lock (_gate)
        {
            var before = _current.TryGetValue(resourceId, out var known) ? known.Snapshot : InitialSnapshot(resource);
            var after = stateFactory(before);
            var change = new ResourceEvent(resource, resourceId, after);
            _current[resourceId] = change;
            foreach (var watcher in _watchers)
            {
                watcher.Writer.TryWrite(change);
            }

            if (before.State?.Text != after.State?.Text && after.State is { Text.Length: > 0 })
            {
                Log.Changed(_logger, resourceId, before.State?.Text, after.State.Text);
            }
        }

        return Task.CompletedTask;
    }

    /// <summary>Changes every instance of the resource.</summary>
    public Task PublishUpdateAsync(
        IResource resource,
        Func<CustomResourceSnapshot, CustomResourceSnapshot> stateFactory
    ) => Task.WhenAll(InstanceIds.Of(resource).Select(id => PublishUpdateAsync(resource, id, stateFactory)));

    public void Dispose()
    {
        _disposing.Cancel();
        GC.SuppressFinalize(this);
    }

    internal static bool HasEnded(CustomResourceSnapshot snapshot) =>
        !snapshot.RestartPending && KnownResourceStates.TerminalStates.Contains(snapshot.State?.Text ?? "");

    private static bool IsHealthyAndReady(CustomResourceSnapshot snapshot) =>
        snapshot is { HealthStatus: HealthStatus.Healthy, IsReady: true };

    private static bool IsNamed(ResourceEvent change, string name) =>
        string.Equals(change.Resource.Name, name, StringComparison.OrdinalIgnoreCase)
        || string.Equals(change.ResourceId, name, StringComparison.OrdinalIgnoreCase);

    private static CustomResourceSnapshot InitialSnapshot(IResource resource) =>
        resource.TryGetLastAnnotation<ResourceSnapshotAnnotation>(out var initial)
            ? initial.InitialSnapshot
            : new() { ResourceType = resource.GetType().Name, Properties = [] };

    private async Task WaitForDependencyAsync(
        IResource resource,
        WaitAnnotation wait,
        CancellationToken cancellationToken
    )
    {
        var stop = (wait.WaitBehavior ?? DefaultWaitBehavior) == WaitBehavior.StopOnResourceUnavailable;
        var logger = _services.GetRequiredService<ResourceLoggerService>().GetLogger(resource);
        Log.Waiting(logger, wait.Resource.Name, wait.WaitType);
        await Task.WhenAll(
                InstanceIds
                    .Of(wait.Resource)
                    .Select(async id =>
                    {
                        var found = await WaitForResourceAsync(
                                id,
                                e => IsSatisfied(wait, e.Snapshot) || MakesImpossible(wait, e.Snapshot, stop),
                                cancellationToken
                            )
                            .ConfigureAwait(false);
                        if (!IsSatisfied(wait, found.Snapshot))
                        {
                            throw new DistributedApplicationException(
                                wait.WaitType == WaitType.WaitForCompletion && found.Snapshot.ExitCode is { } code
                                    ? $"Resource '{resource.Name}' cannot start: '{wait.Resource.Name}' ended with exit code {code} instead of {wait.ExitCode}."
                                    : $"Resource '{resource.Name}' cannot start: '{wait.Resource.Name}' is in the state '{found.Snapshot.State?.Text}'. {found.Snapshot.Failure}".TrimEnd()
                            );
                        }
                    })
            )
            .ConfigureAwait(false);
    }

    private static bool IsSatisfied(WaitAnnotation wait, CustomResourceSnapshot snapshot) =>
        wait.WaitType switch
        {
            WaitType.WaitForCompletion => HasEnded(snapshot)
                && snapshot.State?.Text != KnownResourceStates.FailedToStart
                && (snapshot.ExitCode ?? 0) == wait.ExitCode,
            WaitType.WaitUntilStarted => snapshot.State?.Text == KnownResourceStates.Running,
            _ => IsHealthyAndReady(snapshot),
        };

    private static bool MakesImpossible(WaitAnnotation wait, CustomResourceSnapshot snapshot, bool stop) =>
        HasEnded(snapshot) && (stop || wait.WaitType == WaitType.WaitForCompletion);

    private static class Log
    {
        private static readonly Action<ILogger, string, string?, string, Exception?> s_changed = LoggerMessage.Define<
            string,
            string?,
            string
        >(LogLevel.Debug, new(1), "{ResourceId}: {Before} -> {After}");

        private static readonly Action<ILogger, string, WaitType, Exception?> s_waiting = LoggerMessage.Define<
            string,
            WaitType
        >(LogLevel.Information, new(2), "Waiting for resource '{Dependency}' ({WaitType})");

        public static void Changed(ILogger logger, string id, string? before, string after) =>
            s_changed(logger, id, before, after, null);

        public static void Waiting(ILogger logger, string dependency, WaitType type) =>
            s_waiting(logger, dependency, type, null);
    }
}
