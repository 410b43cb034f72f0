namespace Aspire.Hosting.ProjectFiles;

/// <summary>What a project is told when it is published: launch profiles are for development and stay out, but for the fact that it serves HTTP.</summary>
internal static class ProjectPublishing
{
    /// <summary>HTTP, and HTTPS before it: the deployment tool chooses the ports.</summary>
    public static IResourceBuilder<ProjectResource> WithEndpoints(IResourceBuilder<ProjectResource> project) =>
        project
            .WithEndpoint("http", endpoint => endpoint.UriScheme = "http")
            .WithEndpoint(
                "https",
                endpoint =>
                {
                    endpoint.UriScheme = "https";
                    endpoint.IsPublishedHttps = true;
                }
            );

    public static void AddEnvironment(EnvironmentCallbackContext context)
    {
        var project = (ProjectResource)context.Resource;
        var variables = context.EnvironmentVariables;
        variables["OTEL_DOTNET_EXPERIMENTAL_OTLP_RETRY"] = "in_memory";
        var endpoints = project.GetEndpoints().ToArray();
        if (endpoints.Length > 0 && !project.HasAnnotationOfType<DisableForwardedHeadersAnnotation>())
        {
            variables["ASPNETCORE_FORWARDEDHEADERS_ENABLED"] = "true";
        }

        AddPorts(variables, "HTTP_PORTS", endpoints.Where(e => e.Scheme == "http"));
        AddPorts(variables, "HTTPS_PORTS", endpoints.Where(e => e.Scheme == "https"));
    }

    private static void AddPorts(
        Dictionary<string, object> variables,
        string name,
        IEnumerable<EndpointReference> endpoints
    )
    {
        var ports = new ReferenceExpressionBuilder();
        foreach (var endpoint in endpoints.Where(e => !e.EndpointAnnotation.IsPublishedHttps))
        {
            if (!ports.IsEmpty)
            {
                ports.AppendLiteral(";");
            }

            ports.AppendFormatted(endpoint.Property(EndpointProperty.TargetPort));
        }

        if (!ports.IsEmpty)
        {
            variables.TryAdd(name, ports.Build());
        }
    }
}
