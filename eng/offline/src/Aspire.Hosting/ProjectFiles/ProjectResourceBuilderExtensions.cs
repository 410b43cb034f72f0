using System.Globalization;
using System.Net.Sockets;
using Aspire.Hosting.ProjectFiles;

namespace Aspire.Hosting;

public static class ProjectResourceBuilderExtensions
{
    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name
    )
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, _ => { });

    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string projectPath
    ) => builder.AddProject(name, projectPath, _ => { });

    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string? launchProfileName
    )
        where TProject : IProjectMetadata, new() => builder.AddProject<TProject>(name, Choose(launchProfileName));

    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string projectPath,
        string? launchProfileName
    ) => builder.AddProject(name, projectPath, Choose(launchProfileName));

    public static IResourceBuilder<ProjectResource> AddProject<TProject>(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        Action<ProjectResourceOptions> configure
    )
        where TProject : IProjectMetadata, new() => Add(builder, name, new TProject(), configure);

    public static IResourceBuilder<ProjectResource> AddProject(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        string projectPath,
        Action<ProjectResourceOptions> configure
    ) => Add(builder, name, new ProjectAt(Path.GetFullPath(projectPath, builder.AppHostDirectory)), configure);

    public static IResourceBuilder<ProjectResource> WithReplicas(
        this IResourceBuilder<ProjectResource> builder,
        int replicas
    )
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(replicas, 1);
        return builder.WithAnnotation(new ReplicaAnnotation(replicas), ResourceAnnotationMutationBehavior.Replace);
    }

    public static IResourceBuilder<ProjectResource> DisableForwardedHeaders(
        this IResourceBuilder<ProjectResource> builder
    ) => builder.WithAnnotation<DisableForwardedHeadersAnnotation>(ResourceAnnotationMutationBehavior.Replace);

    public static IResourceBuilder<ProjectResource> WithEndpointsInEnvironment(
        this IResourceBuilder<ProjectResource> builder,
        Func<EndpointAnnotation, bool> filter
    ) => builder.WithAnnotation(new EndpointEnvironmentFilterAnnotation(filter));

    private static Action<ProjectResourceOptions> Choose(string? launchProfileName) =>
        options =>
        {
            options.LaunchProfileName = launchProfileName;
            options.ExcludeLaunchProfile = launchProfileName is null;
        };

    private static IResourceBuilder<ProjectResource> Add(
        IDistributedApplicationBuilder builder,
        string name,
        IProjectMetadata project,
        Action<ProjectResourceOptions> configure
    )
    {
        var options = new ProjectResourceOptions();
        configure(options);
        var resource = builder.AddResource(new ProjectResource(name)).WithAnnotation(project).WithOtlpExporter();
        var publishing = builder.ExecutionContext.IsPublishMode;
        if (publishing)
        {
            resource.WithEnvironment(ProjectPublishing.AddEnvironment);
        }

        if (!File.Exists(project.ProjectPath))
        {
            throw new DistributedApplicationException(
                $"The project of the resource '{name}' does not exist: {project.ProjectPath}"
            );
        }

        if (options.ExcludeLaunchProfile)
        {
            resource.WithAnnotation(new ExcludeLaunchProfileAnnotation());
        }

        var profile = options.ExcludeLaunchProfile
            ? null
            : SelectProfile(builder, resource.Resource, project, options.LaunchProfileName);
        if (publishing)
        {
            return profile?.ApplicationUrl is null ? resource : ProjectPublishing.WithEndpoints(resource);
        }

        if (profile is not null)
        {
            AddProfile(resource, profile);
        }

        return resource
            .WithEnvironment(context => AddHostEnvironment(context, builder.Environment))
            .WithEnvironment(AddUrls);
    }

    private static LaunchProfile? SelectProfile(
        IDistributedApplicationBuilder builder,
        ProjectResource resource,
        IProjectMetadata project,
        string? wanted
    )
    {
        var profiles = (project.LaunchSettings ?? LaunchSettings.Read(project.ProjectPath))?.Profiles;
        if (wanted is not null)
        {
            if (profiles is null || !profiles.TryGetValue(wanted, out var named))
            {
                throw new DistributedApplicationException(
                    $"The launch profile '{wanted}' of the resource '{resource.Name}' does not exist in its launchSettings.json."
                );
            }

            resource.Annotations.Add(new LaunchProfileAnnotation(wanted));
            return named;
        }

        // The host's own profile name first, then the first profile that runs the project.
        var own =
            builder.Configuration["AppHost:DefaultLaunchProfileName"] ?? builder.Configuration["DOTNET_LAUNCH_PROFILE"];
        var choice =
            own is not null && profiles?.TryGetValue(own, out var same) == true && same.CommandName == "Project"
                ? own
                : profiles?.FirstOrDefault(p => p.Value.CommandName == "Project").Key;
        if (choice is null)
        {
            return null;
        }

        resource.Annotations.Add(new LaunchProfileAnnotation(choice));
        return profiles![choice];
    }

    private static void AddProfile(IResourceBuilder<ProjectResource> resource, LaunchProfile profile)
    {
        foreach (
            var text in profile.ApplicationUrl?.Split(
                ';',
                StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries
            ) ?? []
        )
        {
            var address = Uri.TryCreate(
                text.Replace("://*", "://0.0.0.0", StringComparison.Ordinal)
                    .Replace("://+", "://0.0.0.0", StringComparison.Ordinal),
                UriKind.Absolute,
                out var uri
            )
                ? uri
                : throw new DistributedApplicationException(
                    $"The applicationUrl '{text}' in the launch profile of '{resource.Resource.Name}' is not a URL."
                );
            var taken = resource
                .Resource.Annotations.OfType<EndpointAnnotation>()
                .Count(e => e.UriScheme == address.Scheme);
            var name =
                taken == 0 ? address.Scheme : address.Scheme + (taken + 1).ToString(CultureInfo.InvariantCulture);
            resource.WithEndpoint(
                name,
                endpoint =>
                {
                    endpoint.Port = address.Port == 0 ? null : address.Port;
                    endpoint.UriScheme = address.Scheme;
                    endpoint.TargetHost = address.Host;
                    endpoint.FromLaunchProfile = true;
                }
            );
        }

        resource.WithEnvironment(context =>
        {
            foreach (var (key, value) in profile.EnvironmentVariables)
            {
                context.EnvironmentVariables.TryAdd(key, Environment.ExpandEnvironmentVariables(value));
            }
        });
        if (!string.IsNullOrWhiteSpace(profile.CommandLineArgs))
        {
            resource.WithArgs(CommandLine.Split(profile.CommandLineArgs));
        }
    }

    private static void AddHostEnvironment(EnvironmentCallbackContext context, IHostEnvironment environment)
    {
        var variables = context.EnvironmentVariables;
        if (!variables.ContainsKey("DOTNET_ENVIRONMENT") && !variables.ContainsKey("ASPNETCORE_ENVIRONMENT"))
        {
            variables["DOTNET_ENVIRONMENT"] = environment.EnvironmentName;
            variables["ASPNETCORE_ENVIRONMENT"] = environment.EnvironmentName;
        }
    }

    private static void AddUrls(EnvironmentCallbackContext context)
    {
        var resource = (ProjectResource)context.Resource;
        var filters = resource.Annotations.OfType<EndpointEnvironmentFilterAnnotation>().ToArray();
        var urls = new ReferenceExpressionBuilder();
        foreach (var endpoint in resource.GetEndpoints())
        {
            var annotation = endpoint.EndpointAnnotation;
            if (
                annotation
                    is not {
                        UriScheme: "http" or "https",
                        TargetPortEnvironmentVariable: null,
                        Protocol: ProtocolType.Tcp
                    }
                || filters.Any(f => !f.Filter(annotation))
            )
            {
                continue;
            }

            if (!urls.IsEmpty)
            {
                urls.AppendLiteral(";");
            }

            urls.AppendLiteral($"{annotation.UriScheme}://{annotation.TargetHost}:");
            urls.AppendFormatted(endpoint.Property(EndpointProperty.TargetPort));
        }

        if (!urls.IsEmpty)
        {
            context.EnvironmentVariables["ASPNETCORE_URLS"] = urls.Build();
        }
    }

    private sealed class ProjectAt(string path) : IProjectMetadata
    {
        public string ProjectPath => path;
    }
}
