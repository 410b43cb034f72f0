using Aspire.Hosting.Lifecycle;
using Aspire.Hosting.Publishing;

namespace Aspire.Hosting;

/// <summary>A built application: a host whose services start and stop the resources.</summary>
public class DistributedApplication : IHost, IAsyncDisposable
{
    private readonly IHost _host;
    private readonly EntryPointHook? _hook;

    public DistributedApplication(IHost host)
        : this(host, null) { }

    internal DistributedApplication(IHost host, EntryPointHook? hook) => (_host, _hook) = (host, hook);

    public IServiceProvider Services => _host.Services;

    public ResourceNotificationService ResourceNotifications =>
        Services.GetRequiredService<ResourceNotificationService>();

    public ResourceCommandService ResourceCommands => Services.GetRequiredService<ResourceCommandService>();

    public static IDistributedApplicationBuilder CreateBuilder() => CreateBuilder([]);

    public static IDistributedApplicationBuilder CreateBuilder(string[] args) =>
        new DistributedApplicationBuilder(args);

    public static IDistributedApplicationBuilder CreateBuilder(DistributedApplicationOptions options) =>
        new DistributedApplicationBuilder(options);

    public virtual void Dispose()
    {
        _host.Dispose();
        GC.SuppressFinalize(this);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_host is IAsyncDisposable asyncDisposable)
        {
            await asyncDisposable.DisposeAsync().ConfigureAwait(false);
        }
        else
        {
            _host.Dispose();
        }

        GC.SuppressFinalize(this);
    }

    /// <summary>Starts every resource; returns when each one runs or has failed to, its waits included.</summary>
    public virtual async Task StartAsync(CancellationToken cancellationToken = default)
    {
        var execution = Services.GetRequiredService<DistributedApplicationExecutionContext>();
        if (execution.IsPublishMode)
        {
            throw new DistributedApplicationException("In publish mode nothing is started: call Run.");
        }

        var eventing = Services.GetRequiredService<IDistributedApplicationEventing>();
        foreach (var subscriber in Services.GetServices<IDistributedApplicationEventingSubscriber>())
        {
            await subscriber.SubscribeAsync(eventing, execution, cancellationToken).ConfigureAwait(false);
        }

        await eventing
            .PublishAsync(
                new BeforeStartEvent(Services, Services.GetRequiredService<DistributedApplicationModel>()),
                cancellationToken
            )
            .ConfigureAwait(false);
        var logger = Services.GetRequiredService<ILogger<DistributedApplication>>();
        Log.Starting(logger);
        await _host.StartAsync(cancellationToken).ConfigureAwait(false);
        Log.Started(logger);
    }

    public virtual Task StopAsync(CancellationToken cancellationToken = default) => _host.StopAsync(cancellationToken);

    public virtual async Task RunAsync(CancellationToken cancellationToken = default)
    {
        if (_hook?.RunAsync(cancellationToken) is { } handedOver)
        {
            await handedOver.ConfigureAwait(false);
            return;
        }

        if (Services.GetRequiredService<DistributedApplicationExecutionContext>().IsPublishMode)
        {
            Environment.ExitCode = await ManifestPublisher
                .PublishAsync(Services, cancellationToken)
                .ConfigureAwait(false);
            await DisposeAsync().ConfigureAwait(false);
            return;
        }

        try
        {
            await StartAsync(cancellationToken).ConfigureAwait(false);
            await _host.WaitForShutdownAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
            when (Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping.IsCancellationRequested)
        {
            // Stopped while still starting: the host's own stop has taken everything down.
            await _host.StopAsync(CancellationToken.None).ConfigureAwait(false);
        }
        finally
        {
            await DisposeAsync().ConfigureAwait(false);
        }
    }

    public void Run() => RunAsync().GetAwaiter().GetResult();

    private static class Log
    {
        private static readonly Action<ILogger, Exception?> s_starting = LoggerMessage.Define(
            LogLevel.Information,
            new(1),
            "Distributed application starting."
        );

        private static readonly Action<ILogger, Exception?> s_started = LoggerMessage.Define(
            LogLevel.Information,
            new(2),
            "Distributed application started. Press Ctrl+C to shut down."
        );

        public static void Starting(ILogger logger) => s_starting(logger, null);

        public static void Started(ILogger logger) => s_started(logger, null);
    }
}
