namespace RealtimeSuite.AppHost.Backing;

/// <summary>A server of the embedded mode: a .NET program in a process of its own, on one loopback port.</summary>
internal sealed class EmbeddedServer(string name, string program)
    : ExecutableResource(name, "dotnet", Path.GetDirectoryName(program)!),
        IResourceWithConnectionString
{
    private const string EndpointName = "tcp";

    /// <summary>The program's assembly.</summary>
    public string Program { get; } = program;

    /// <inheritdoc/>
    public ReferenceExpression ConnectionStringExpression =>
        ReferenceExpression.Create(
            $"{new EndpointReference(this, EndpointName).Property(EndpointProperty.HostAndPort)}"
        );

    /// <summary>Puts the server on a port of its own, without a relay before it: it stays the same when the server is restarted.</summary>
    public static IResourceBuilder<EmbeddedServer> Add(
        IDistributedApplicationBuilder builder,
        string name,
        string program,
        int port
    ) =>
        builder
            .AddResource(new EmbeddedServer(name, program))
            .WithArgs(program)
            // Killed, as tests do, a .NET process leaves the pipes of its debugger behind; without one there are none.
            .WithEnvironment("DOTNET_EnableDiagnostics", "0")
            .WithEndpoint(port, port, "tcp", EndpointName, isProxied: false)
            .ExcludeFromManifest();
}
