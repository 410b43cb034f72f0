using System.Globalization;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Processes;
using Aspire.Hosting.ProjectFiles;

namespace Aspire.Hosting.Orchestration;

/// <summary>Puts together what an instance is started with: callbacks run and values are resolved anew at every start.</summary>
internal sealed class ProcessSpecBuilder(
    ProjectOutputs outputs,
    DistributedApplicationExecutionContext execution,
    DashboardHost dashboard,
    IHostEnvironment environment
)
{
    public async Task<ProcessSpec> BuildAsync(
        IResource resource,
        string instanceId,
        InstancePorts ports,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        var (command, first, folder) = await ProgramAsync(resource, cancellationToken).ConfigureAwait(false);
        var variables = await EnvironmentAsync(resource, instanceId, logger, cancellationToken).ConfigureAwait(false);
        var arguments = new List<object>();
        foreach (var annotation in resource.Annotations.OfType<CommandLineArgsCallbackAnnotation>().ToArray())
        {
            await annotation
                .Callback(new(arguments, resource, cancellationToken) { ExecutionContext = execution, Logger = logger })
                .ConfigureAwait(false);
        }

        var texts = new List<string>(first);
        foreach (var argument in arguments)
        {
            if (await TextAsync(resource, argument, cancellationToken).ConfigureAwait(false) is { } text)
            {
                texts.Add(ports.Fill(text));
            }
        }

        var resolved = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (name, value) in variables)
        {
            if (await TextAsync(resource, value, cancellationToken).ConfigureAwait(false) is { } text)
            {
                resolved[name] = ports.Fill(text);
            }
        }

        return new(command, texts, folder, resolved);
    }

    private async Task<(string Command, string[] Arguments, string Folder)> ProgramAsync(
        IResource resource,
        CancellationToken cancellationToken
    )
    {
        if (resource is ProjectResource project)
        {
            var path = project.GetProjectMetadata().ProjectPath;
            var (command, arguments) = await outputs.FindAsync(path, cancellationToken).ConfigureAwait(false);
            return (command, arguments, Path.GetDirectoryName(path)!);
        }

        var executable = (ExecutableResource)resource;
        if (!Directory.Exists(executable.WorkingDirectory))
        {
            throw new DistributedApplicationException(
                $"The working directory '{executable.WorkingDirectory}' does not exist."
            );
        }

        return (CommandFinder.Find(executable.Command, executable.WorkingDirectory), [], executable.WorkingDirectory);
    }

    private async Task<Dictionary<string, object>> EnvironmentAsync(
        IResource resource,
        string instanceId,
        ILogger logger,
        CancellationToken cancellationToken
    )
    {
        var variables = new Dictionary<string, object>(StringComparer.Ordinal);
        if (resource is ProjectResource && Environment.GetEnvironmentVariable("DOTNET_ROOT") is null)
        {
            variables["DOTNET_ROOT"] = ProjectOutputs.DotnetRoot;
        }

        if (resource.TryGetLastAnnotation<OtlpExporterAnnotation>(out var otlp))
        {
            AddTelemetry(variables, resource, instanceId, otlp);
        }

        var context = new EnvironmentCallbackContext(execution, resource, variables, cancellationToken)
        {
            Logger = logger,
        };
        foreach (var annotation in resource.Annotations.OfType<EnvironmentCallbackAnnotation>().ToArray())
        {
            await annotation.Callback(context).ConfigureAwait(false);
        }

        return variables;
    }

    private void AddTelemetry(
        Dictionary<string, object> variables,
        IResource resource,
        string instanceId,
        OtlpExporterAnnotation otlp
    )
    {
        variables["OTEL_SERVICE_NAME"] = resource.Name;
        variables["OTEL_RESOURCE_ATTRIBUTES"] = $"service.instance.id={instanceId[(resource.Name.Length + 1)..]}";
        var http = otlp.RequiredProtocol is OtlpProtocol.HttpProtobuf or OtlpProtocol.HttpJson;
        if ((http ? dashboard.OtlpHttpUrl : dashboard.OtlpGrpcUrl) is { } url)
        {
            variables["OTEL_EXPORTER_OTLP_ENDPOINT"] = url;
            variables["OTEL_EXPORTER_OTLP_PROTOCOL"] = otlp.RequiredProtocol switch
            {
                OtlpProtocol.HttpProtobuf => "http/protobuf",
                OtlpProtocol.HttpJson => "http/json",
                _ => "grpc",
            };
        }

        if (dashboard.OtlpApiKey is { } key)
        {
            variables["OTEL_EXPORTER_OTLP_HEADERS"] = $"x-otlp-api-key={key}";
        }

        if (environment.IsDevelopment())
        {
            // Seen at once rather than in batches.
            variables["OTEL_BLRP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_BSP_SCHEDULE_DELAY"] = "1000";
            variables["OTEL_METRIC_EXPORT_INTERVAL"] = "1000";
            variables["OTEL_TRACES_SAMPLER"] = "always_on";
            variables["OTEL_METRICS_EXEMPLAR_FILTER"] = "trace_based";
        }
    }

    private async ValueTask<string?> TextAsync(IResource caller, object? value, CancellationToken cancellationToken) =>
        value switch
        {
            null => null,
            string text => text,
            IValueProvider provider => await provider
                .GetValueAsync(
                    new ValueProviderContext { ExecutionContext = execution, Caller = caller },
                    cancellationToken
                )
                .ConfigureAwait(false),
            IResourceBuilder<IResource> { Resource: IValueProvider provider } => await provider
                .GetValueAsync(cancellationToken)
                .ConfigureAwait(false),
            bool flag => flag ? "true" : "false",
            IFormattable formattable => formattable.ToString(null, CultureInfo.InvariantCulture),
            _ => value.ToString(),
        };
}
