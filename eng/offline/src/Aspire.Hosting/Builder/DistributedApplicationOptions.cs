using System.Reflection;

namespace Aspire.Hosting;

/// <summary>How the application is built.</summary>
public sealed class DistributedApplicationOptions
{
    public string[]? Args { get; set; }

    /// <summary>The assembly whose metadata names the AppHost project; the entry assembly unless given.</summary>
    public string? AssemblyName { get; set; }

    public bool DisableDashboard { get; set; }

    /// <summary>Whether the host's own log repeats the lines of its resources (under tests; the console shows them anyway).</summary>
    public bool EnableResourceLogging { get; set; }

    public bool AllowUnsecuredTransport { get; set; }

    public string? ProjectDirectory { get; set; }

    public string? DashboardApplicationName { get; set; }

    public string? ContainerRegistryOverride { get; set; }

    public bool? TrustDeveloperCertificate { get; set; }

    public bool? DeveloperCertificateDefaultHttpsTerminationEnabled { get; set; }

    internal Assembly? Assembly { get; set; }

    internal bool UnderTest { get; set; }

    internal Assembly? ResolveAssembly() =>
        Assembly ?? (AssemblyName is null ? Assembly.GetEntryAssembly() : Assembly.Load(AssemblyName));
}

public enum DistributedApplicationOperation
{
    Run = 0,
    Publish = 1,
}

public class DistributedApplicationExecutionContext(DistributedApplicationOperation operation, string publisherName)
{
    public DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
        : this(operation, "manifest") { }

    public string PublisherName { get; set; } = publisherName;

    public DistributedApplicationOperation Operation { get; } = operation;

    public IServiceProvider Services =>
        ServicesOrNull ?? throw new InvalidOperationException("The application is not built yet.");

    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    internal IServiceProvider? ServicesOrNull { get; set; }
}

public class DistributedApplicationException : Exception
{
    public DistributedApplicationException() { }

    public DistributedApplicationException(string message)
        : base(message) { }

    public DistributedApplicationException(string message, Exception inner)
        : base(message, inner) { }
}

public class MissingParameterValueException : DistributedApplicationException
{
    public MissingParameterValueException(string message)
        : base(message) { }

    public MissingParameterValueException(string message, Exception innerException)
        : base(message, innerException) { }
}

public enum OtlpProtocol
{
    Grpc = 0,
    HttpProtobuf = 1,
    HttpJson = 2,
}
