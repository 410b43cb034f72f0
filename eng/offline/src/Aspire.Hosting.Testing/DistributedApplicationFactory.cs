namespace Aspire.Hosting.Testing;

/// <summary>Starts an AppHost inside a test; derive from it to take part in its making.</summary>
public class DistributedApplicationFactory : IDisposable, IAsyncDisposable
{
    private readonly EntryPointRun _run;
    private DistributedApplication? _application;

    public DistributedApplicationFactory(Type entryPoint, string[] args)
    {
        ArgumentNullException.ThrowIfNull(entryPoint);
        ArgumentNullException.ThrowIfNull(args);
        _run = new(entryPoint, args, OnBuilderCreating, OnBuilderCreated, OnBuilding, OnBuilt);
    }

    public DistributedApplicationFactory(Type entryPoint)
        : this(entryPoint, []) { }

    private DistributedApplication Application =>
        _application ?? throw new InvalidOperationException("The application has not been started.");

    public async Task StartAsync(CancellationToken cancellationToken = default)
    {
        await BuildAsync(cancellationToken).ConfigureAwait(false);
        await Application.StartAsync(cancellationToken).ConfigureAwait(false);
    }

    public HttpClient CreateHttpClient(string resourceName, string? endpointName = null) =>
        Application.CreateHttpClient(resourceName, endpointName);

    public ValueTask<string?> GetConnectionString(string resourceName) =>
        Application.GetConnectionStringAsync(resourceName);

    public Uri GetEndpoint(string resourceName, string? endpointName = null) =>
        Application.GetEndpoint(resourceName, endpointName);

    public virtual void Dispose()
    {
        DisposeAsync().AsTask().GetAwaiter().GetResult();
        GC.SuppressFinalize(this);
    }

    public virtual async ValueTask DisposeAsync()
    {
        if (_application is { } application)
        {
            await application.DisposeAsync().ConfigureAwait(false);
        }

        _run.Dispose();
        GC.SuppressFinalize(this);
    }

    internal Task<DistributedApplicationBuilder> GetBuilderAsync(CancellationToken cancellationToken) =>
        _run.GetBuilderAsync(cancellationToken);

    internal async Task<DistributedApplication> BuildAsync(CancellationToken cancellationToken) =>
        _application = await _run.BuildAsync(cancellationToken).ConfigureAwait(false);

    protected virtual void OnBuilderCreating(
        DistributedApplicationOptions applicationOptions,
        HostApplicationBuilderSettings hostOptions
    ) { }

    protected virtual void OnBuilderCreated(DistributedApplicationBuilder applicationBuilder) { }

    protected virtual void OnBuilding(DistributedApplicationBuilder applicationBuilder) { }

    protected virtual void OnBuilt(DistributedApplication application) { }
}
