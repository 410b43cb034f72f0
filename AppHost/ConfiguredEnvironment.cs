namespace RealtimeSuite.AppHost;

/// <summary>Settings for one project alone, for example <c>--Gateway:Environment:WEBSOCKET_IDLE_TIMEOUT=60</c>.</summary>
internal static class ConfiguredEnvironment
{
    /// <summary>Gives the project what the configuration section <c>{name}:Environment</c> says.</summary>
    public static IResourceBuilder<ProjectResource> WithConfiguredEnvironment(
        this IResourceBuilder<ProjectResource> project,
        string name
    )
    {
        foreach (
            var setting in project.ApplicationBuilder.Configuration.GetSection($"{name}:Environment").GetChildren()
        )
        {
            project.WithEnvironment(setting.Key, setting.Value);
        }

        return project;
    }
}
