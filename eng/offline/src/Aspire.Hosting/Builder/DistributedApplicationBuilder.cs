using System.Reflection;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.Commands;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Health;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Parameters;
using Aspire.Hosting.Processes;
using Aspire.Hosting.ProjectFiles;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aspire.Hosting;

/// <summary>Wraps a host builder: configuration comes from the arguments, the environment, appsettings in the AppHost's
/// directory and, in Development, the user secrets.</summary>
public class DistributedApplicationBuilder : IDistributedApplicationBuilder
{
    private static readonly Dictionary<string, string> s_switches = new()
    {
        ["--operation"] = "AppHost:Operation",
        ["--publisher"] = "Publishing:Publisher",
        ["--output-path"] = "Publishing:OutputPath",
        ["--step"] = "Pipeline:Step",
        ["--dcp-dashboard-path"] = "DcpPublisher:DashboardPath",
    };

    private readonly HostApplicationBuilder _inner;
    private readonly EntryPointHook? _hook = EntryPointHook.Current;

    public DistributedApplicationBuilder(string[] args)
        : this(new DistributedApplicationOptions { Args = args }) { }

    public DistributedApplicationBuilder(DistributedApplicationOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        var settings = new HostApplicationBuilderSettings { Args = options.Args };
        _hook?.Constructing(options, settings);
        var assembly = options.ResolveAssembly();
        AppHostAssembly = assembly;
        var metadata = new AppHostMetadata(assembly);
        AppHostDirectory = options.ProjectDirectory ?? metadata.ProjectDirectory ?? Directory.GetCurrentDirectory();
        AppHostPath = metadata.ProjectFile is null
            ? AppHostDirectory
            : Path.Combine(AppHostDirectory, metadata.ProjectFile);
        settings.ContentRootPath ??= Directory.Exists(AppHostDirectory) ? AppHostDirectory : null;
        settings.ApplicationName ??= assembly?.GetName().Name;
        _inner = new HostApplicationBuilder(settings);
        if (options.Args is { Length: > 0 })
        {
            _inner.Configuration.AddCommandLine(options.Args, s_switches);
        }

        ExecutionContext = ReadOperation(_inner.Configuration);
        _inner.Configuration["AppHost:Sha256"] = Hash(
            ExecutionContext.IsPublishMode ? metadata.ProjectFile ?? settings.ApplicationName ?? "" : AppHostPath
        );
        Options = options;
        AddServices(options, metadata);
        _hook?.Constructed(this);
    }

    public IHostEnvironment Environment => _inner.Environment;

    public ConfigurationManager Configuration => _inner.Configuration;

    public IServiceCollection Services => _inner.Services;

    public string AppHostDirectory { get; }

    public string AppHostPath { get; }

    public Assembly? AppHostAssembly { get; }

    public DistributedApplicationExecutionContext ExecutionContext { get; }

    public IResourceCollection Resources { get; } = new ResourceCollection();

    public IDistributedApplicationEventing Eventing { get; } = new DistributedApplicationEventing();

    internal DistributedApplicationOptions Options { get; }

    public IResourceBuilder<T> AddResource<T>(T resource)
        where T : IResource
    {
        ArgumentNullException.ThrowIfNull(resource);
        if (Resources.TryGetByName(resource.Name, out var existing))
        {
            throw new DistributedApplicationException(
                $"Cannot add resource '{resource.Name}': a resource with this name exists already ('{existing.Name}')."
            );
        }

        Resources.Add(resource);
        return CreateResourceBuilder(resource);
    }

    public IResourceBuilder<T> CreateResourceBuilder<T>(T resource)
        where T : IResource => new ResourceBuilder<T>(this, resource);

    public DistributedApplication Build()
    {
        _hook?.Building(this);
        foreach (var resource in Resources)
        {
            InstanceIds.Assign(resource);
        }

        var application = new DistributedApplication(_inner.Build(), _hook);
        ExecutionContext.ServicesOrNull = application.Services;
        _hook?.Built(application);
        return application;
    }

    /// <summary>Tells applications of the same name apart: by their place when they run, by their project when they are published.</summary>
    private static string Hash(string text) => Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes(text)));

    private static DistributedApplicationExecutionContext ReadOperation(ConfigurationManager configuration)
    {
        var publisher = configuration["Publishing:Publisher"];
        return configuration["AppHost:Operation"]?.ToLowerInvariant() switch
        {
            "publish" => new(DistributedApplicationOperation.Publish, publisher ?? "manifest"),
            "run" => new(DistributedApplicationOperation.Run),
            null => publisher is null
                ? new(DistributedApplicationOperation.Run)
                : new(DistributedApplicationOperation.Publish, publisher),
            var other => throw new DistributedApplicationException(
                $"The operation '{other}' is unknown: use --operation run or publish."
            ),
        };
    }

    private void AddServices(DistributedApplicationOptions options, AppHostMetadata metadata)
    {
        Services.Configure<HostOptions>(o =>
            o.ShutdownTimeout = SupervisionSettings.Read(Configuration).GracePeriod + TimeSpan.FromSeconds(20)
        );
        // The real one waits when there is a dashboard to start the other resource from; there is never one here.
        Services.Configure<ResourceNotificationServiceOptions>(o =>
            o.DefaultWaitBehavior = WaitBehavior.StopOnResourceUnavailable
        );
        Services.AddLogging(logging =>
            logging
                .AddSimpleConsole(o => o.SingleLine = true)
                .AddFilter("Microsoft.Extensions.Hosting.Internal.Host", LogLevel.Warning)
                .AddFilter("Microsoft.Hosting.Lifetime", LogLevel.Warning)
                .AddFilter("Microsoft.Extensions.Diagnostics.HealthChecks", LogLevel.None)
                .AddFilter("System.Net.Http", LogLevel.Warning)
                .AddFilter("Polly", LogLevel.Warning)
        );
        Services.AddHttpClient();
        Services.AddHealthChecks();
        Services.AddSingleton(options);
        Services.AddSingleton(metadata);
        Services.AddSingleton(ExecutionContext);
        Services.AddSingleton(Eventing);
        Services.AddSingleton(_ => new DistributedApplicationModel(Resources));
        Services.AddSingleton<ResourceLoggerService>();
        Services.AddSingleton<ResourceNotificationService>();
        Services.AddSingleton(sp => new ResourceCommandService(
            sp.GetRequiredService<ResourceNotificationService>(),
            sp.GetRequiredService<ResourceLoggerService>(),
            sp.GetRequiredService<DistributedApplicationModel>(),
            sp
        ));
        Services.AddSingleton(_ => SupervisionSettings.Read(Configuration));
        Services.AddSingleton(sp => new RunFolder(
            AppHostDirectory,
            Environment.ApplicationName,
            sp.GetRequiredService<ILogger<RunFolder>>()
        ));
        Services.AddSingleton<ResourceOutput>();
        Services.AddSingleton<ProjectOutputs>();
        Services.AddSingleton<Reaper>();
        Services.AddSingleton<EndpointAllocator>();
        Services.AddSingleton<ProcessSpecBuilder>();
        Services.AddSingleton<DashboardHost>();
        Services.AddSingleton<ResourceHealthMonitor>();
        Services.AddSingleton<ApplicationOrchestrator>();
        Services.AddHostedService(sp => sp.GetRequiredService<ApplicationOrchestrator>());
        Services.TryAddSingleton(TimeProvider.System);
        Eventing.Subscribe<BeforeStartEvent>(LifecycleCommands.AddAsync);
    }
}
