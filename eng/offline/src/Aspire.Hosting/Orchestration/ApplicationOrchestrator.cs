using System.Collections.Concurrent;
using System.Collections.Immutable;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Health;
using Aspire.Hosting.Processes;

namespace Aspire.Hosting.Orchestration;

/// <summary>Starts the resources in the order their waits ask for, and stops them in the opposite one.</summary>
internal sealed class ApplicationOrchestrator(
    DistributedApplicationModel model,
    DistributedApplicationExecutionContext execution,
    IDistributedApplicationEventing eventing,
    ResourceNotificationService notifications,
    ResourceLoggerService logs,
    ResourceHealthMonitor health,
    EndpointAllocator endpoints,
    ProcessSpecBuilder specs,
    Reaper reaper,
    DashboardHost dashboard,
    SupervisionSettings settings,
    ResourceOutput output,
    IServiceProvider services
) : IHostedService, IAsyncDisposable
{
    private readonly ConcurrentDictionary<IResource, ImmutableArray<InstanceRunner>> _runners = new();
    private readonly CancellationTokenSource _stopping = new();
    private readonly List<Task> _monitors = [];
    private readonly Lock _gate = new();
    private Task? _stopped;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _stopping.Token);
        var stopping = either.Token;
        logs.Sink = output.Write;
        reaper.EnsureStarted();
        dashboard.Start();
        var snapshots = new InitialSnapshots(notifications, output);
        foreach (var resource in model.Resources)
        {
            await snapshots.PublishAsync(resource).ConfigureAwait(false);
            await eventing
                .PublishAsync(new InitializeResourceEvent(resource, eventing, logs, notifications, services), stopping)
                .ConfigureAwait(false);
        }

        var failures = Allocate();
        await AnnounceAsync(failures, stopping).ConfigureAwait(false);
        foreach (var resource in model.Resources)
        {
            _monitors.Add(health.RunAsync(resource, id => PortsOf(resource, id), _stopping.Token));
        }

        await Task.WhenAll(model.Resources.Select(r => StartAsync(r, failures.GetValueOrDefault(r), stopping)))
            .ConfigureAwait(false);

        // Given up: the host starts nothing more.
        cancellationToken.ThrowIfCancellationRequested();
        await eventing.PublishAsync(new AfterResourcesCreatedEvent(services, model), stopping).ConfigureAwait(false);
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_gate)
        {
            return _stopped ??= StopAllAsync();
        }
    }

    public async ValueTask DisposeAsync() => await StopAsync(CancellationToken.None).ConfigureAwait(false);

    /// <summary>The start command: without waits, as the real one.</summary>
    public async Task StartInstanceAsync(string id, CancellationToken cancellationToken)
    {
        var (resource, runner) = Find(id);
        await eventing
            .PublishAsync(new BeforeResourceStartedEvent(resource, services), cancellationToken)
            .ConfigureAwait(false);
        await runner.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public Task StopInstanceAsync(string id) => Find(id).Runner.StopAsync();

    private (IResource Resource, InstanceRunner Runner) Find(string id)
    {
        foreach (var (resource, runners) in _runners)
        {
            if (runners.FirstOrDefault(r => string.Equals(r.Id, id, StringComparison.OrdinalIgnoreCase)) is { } runner)
            {
                return (resource, runner);
            }
        }

        throw new DistributedApplicationException($"'{id}' has no process that could be started or stopped.");
    }

    private IEnumerable<int> PortsOf(IResource resource, string id) =>
        _runners.TryGetValue(resource, out var runners) && runners.FirstOrDefault(r => r.Id == id) is { } runner
            ? runner.Ports.Relayed
            : [];

    private Dictionary<IResource, Exception> Allocate()
    {
        var failures = new Dictionary<IResource, Exception>();
        foreach (var resource in model.Resources)
        {
            try
            {
                endpoints.Allocate(resource);
            }
            catch (DistributedApplicationException exception)
            {
                failures[resource] = exception;
                foreach (
                    var endpoint in resource
                        .Annotations.OfType<EndpointAnnotation>()
                        .Where(e => e.AllocatedEndpoint is null)
                )
                {
                    endpoint.AllocatedEndpoint = null; // whoever waits for the address is told, instead of waiting for ever
                }
            }
        }

        return failures;
    }

    private async Task AnnounceAsync(Dictionary<IResource, Exception> failures, CancellationToken stopping)
    {
        foreach (var resource in model.Resources.OfType<IResourceWithEndpoints>().Where(r => !failures.ContainsKey(r)))
        {
            await ResourceUrls.PublishAsync(resource, execution, notifications, stopping).ConfigureAwait(false);
            await eventing
                .PublishAsync(new ResourceEndpointsAllocatedEvent(resource, services), stopping)
                .ConfigureAwait(false);
        }

#pragma warning disable CS0618 // published for those who still subscribe to it, as the real packages do
        await eventing.PublishAsync(new AfterEndpointsAllocatedEvent(services, model), stopping).ConfigureAwait(false);
#pragma warning restore CS0618
        foreach (
            var resource in model.Resources.OfType<IResourceWithConnectionString>().Where(r => !failures.ContainsKey(r))
        )
        {
            await eventing
                .PublishAsync(new ConnectionStringAvailableEvent(resource, services), stopping)
                .ConfigureAwait(false);
        }
    }

    private async Task StartAsync(IResource resource, Exception? failure, CancellationToken stopping)
    {
        if (resource is not (ExecutableResource or ProjectResource or ContainerResource))
        {
            return;
        }

        try
        {
            if (failure is not null)
            {
                throw failure;
            }

            if (resource is ContainerResource)
            {
                throw new DistributedApplicationException(
                    $"'{resource.Name}' is a container, and no container runtime is driven here: run with --backing embedded or give external connection strings, or use the real Aspire packages."
                );
            }

            Prepare(resource);
            if (resource.HasAnnotationOfType<ExplicitStartupAnnotation>())
            {
                await notifications
                    .PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.NotStarted })
                    .ConfigureAwait(false);
                return;
            }

            await WaitAsync(resource, stopping).ConfigureAwait(false);
            await eventing
                .PublishAsync(new BeforeResourceStartedEvent(resource, services), stopping)
                .ConfigureAwait(false);
            await Task.WhenAll(_runners[resource].Select(r => r.StartAsync(stopping))).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // Stopped before its turn came.
        }
        catch (Exception exception)
        {
            Log.NotStarted(
                logs.GetLogger(resource),
                resource.Name,
                exception.Message,
                exception is DistributedApplicationException ? null : exception
            );
            await notifications
                .PublishUpdateAsync(
                    resource,
                    s =>
                        s with
                        {
                            State = new ResourceStateSnapshot(
                                KnownResourceStates.FailedToStart,
                                KnownResourceStateStyles.Error
                            ),
                            Failure = exception.Message,
                        }
                )
                .ConfigureAwait(false);
        }
    }

    private async Task WaitAsync(IResource resource, CancellationToken stopping)
    {
        if (resource.HasAnnotationOfType<WaitAnnotation>())
        {
            await notifications
                .PublishUpdateAsync(resource, s => s with { State = KnownResourceStates.Waiting })
                .ConfigureAwait(false);
            await notifications.WaitForDependenciesAsync(resource, stopping).ConfigureAwait(false);
        }
    }

    private void Prepare(IResource resource)
    {
        // One that others wait to be through with is meant to end: it is not started again.
        var mayRestart = !model
            .Resources.SelectMany(r => r.Annotations.OfType<WaitAnnotation>())
            .Any(w => w.WaitType == WaitType.WaitForCompletion && ReferenceEquals(w.Resource, resource));
        _runners[resource] =
        [
            .. InstanceIds
                .Of(resource)
                .Select(id => new InstanceRunner(
                    resource,
                    id,
                    endpoints.AllocateInstance(resource),
                    mayRestart,
                    specs,
                    reaper,
                    settings,
                    notifications,
                    logs,
                    health,
                    last => PublishStoppedAsync(resource, id, last)
                )),
        ];
    }

    private Task PublishStoppedAsync(IResource resource, string id, CustomResourceSnapshot last) =>
        eventing.PublishAsync(
            new ResourceStoppedEvent(resource, services, new ResourceEvent(resource, id, last)),
            EventDispatchBehavior.NonBlockingSequential
        );

    private async Task StopAllAsync()
    {
        await _stopping.CancelAsync().ConfigureAwait(false);
        await Task.WhenAll(_monitors).ConfigureAwait(false);
        await new StopOrder(model.Resources)
            .VisitAsync(async resource =>
            {
                if (_runners.TryGetValue(resource, out var runners))
                {
                    await Task.WhenAll(runners.Select(r => r.DisposeAsync().AsTask())).ConfigureAwait(false);
                }
            })
            .ConfigureAwait(false);
        await dashboard.StopAsync().ConfigureAwait(false);
        await endpoints.DisposeAsync().ConfigureAwait(false);
    }

    private static class Log
    {
        private static readonly Action<ILogger, string, string, Exception?> s_notStarted = LoggerMessage.Define<
            string,
            string
        >(LogLevel.Error, new(1), "The resource '{Resource}' failed to start: {Reason}");

        public static void NotStarted(ILogger logger, string resource, string reason, Exception? exception) =>
            s_notStarted(logger, resource, reason, exception);
    }
}
