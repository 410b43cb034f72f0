namespace RealtimeSuite.AppHost;

/// <summary>Tells Web where the Aspire dashboard is, so that it can link an event to its trace.</summary>
internal static class TraceLinks
{
    /// <summary>Hands the address over, where there is such a dashboard: not in a deployment.</summary>
    public static IResourceBuilder<ProjectResource> WithTraceLinks(this IResourceBuilder<ProjectResource> project)
    {
        var builder = project.ApplicationBuilder;
        var dashboard = builder.Configuration["ASPNETCORE_URLS"]?.Split(';')[0];
        return builder.ExecutionContext.IsRunMode && !string.IsNullOrEmpty(dashboard)
            ? project.WithEnvironment("Traces__Dashboard", dashboard)
            : project;
    }
}
