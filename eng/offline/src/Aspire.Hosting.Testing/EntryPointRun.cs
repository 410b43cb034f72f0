using System.Reflection;

namespace Aspire.Hosting.Testing;

/// <summary>
/// Runs an AppHost's entry point on a thread of its own and stops it at two places: inside <c>Build()</c> until the
/// test builds, and inside <c>Run()</c> until the application is over.
/// </summary>
internal sealed class EntryPointRun(
    Type entryPoint,
    string[] args,
    Action<DistributedApplicationOptions, HostApplicationBuilderSettings> constructing,
    Action<DistributedApplicationBuilder> constructed,
    Action<DistributedApplicationBuilder> building,
    Action<DistributedApplication> built
) : EntryPointHook, IDisposable
{
    private readonly TaskCompletionSource<DistributedApplicationBuilder> _builder = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly TaskCompletionSource<DistributedApplication> _application = new(
        TaskCreationOptions.RunContinuationsAsynchronously
    );
    private readonly TaskCompletionSource _mayBuild = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly CancellationTokenSource _over = new();
    private readonly Lock _gate = new();
    private bool _started;

    public Task<DistributedApplicationBuilder> GetBuilderAsync(CancellationToken cancellationToken)
    {
        Start();
        return _builder.Task.WaitAsync(cancellationToken);
    }

    public Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken)
    {
        Start();
        _mayBuild.TrySetResult();
        return _application.Task.WaitAsync(cancellationToken);
    }

    /// <summary>Lets the entry point go to its end.</summary>
    public void Dispose()
    {
        _over.Cancel();
        _mayBuild.TrySetCanceled();
    }

    public override void Constructing(DistributedApplicationOptions options, HostApplicationBuilderSettings settings)
    {
        options.Assembly = entryPoint.Assembly;
        TestDefaults.Apply(options, settings, entryPoint.Assembly);
        constructing(options, settings);
    }

    public override void Constructed(DistributedApplicationBuilder builder)
    {
        constructed(builder);
        // The entry point goes on adding resources: the test gets the builder when that is done.
    }

    public override void Building(DistributedApplicationBuilder builder)
    {
        _builder.TrySetResult(builder);
        _mayBuild.Task.GetAwaiter().GetResult(); // this thread is the entry point's own
        building(builder);
    }

    public override void Built(DistributedApplication application)
    {
        built(application);
        application.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopped.Register(Dispose);
        _application.TrySetResult(application);
    }

    public override async Task RunAsync(CancellationToken cancellationToken)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _over.Token);
        await Task.Delay(Timeout.Infinite, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private void Start()
    {
        lock (_gate)
        {
            if (_started)
            {
                return;
            }

            _started = true;
            new Thread(Run) { IsBackground = true, Name = $"{entryPoint.Assembly.GetName().Name} entry point" }.Start();
        }
    }

    private void Run()
    {
        Current = this;
        Exception failure;
        try
        {
            var main =
                entryPoint.Assembly.EntryPoint
                ?? throw new InvalidOperationException(
                    $"The assembly '{entryPoint.Assembly.GetName().Name}' has no entry point."
                );
            var returned = main.Invoke(
                null,
                BindingFlags.DoNotWrapExceptions,
                null,
                main.GetParameters().Length == 0 ? null : [args],
                null
            );
            (returned as Task)?.GetAwaiter().GetResult();
            failure = new InvalidOperationException("The entry point has ended without building an application.");
        }
        catch (Exception exception)
        {
            failure = exception;
        }

        _builder.TrySetException(failure);
        _application.TrySetException(failure);
        _ = _builder.Task.Exception;
        _ = _application.Task.Exception;
    }
}
