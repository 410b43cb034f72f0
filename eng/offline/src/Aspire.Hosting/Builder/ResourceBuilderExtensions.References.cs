namespace Aspire.Hosting;

/// <summary>What one resource is told about another: connection strings, service discovery, endpoint variables.</summary>
public static partial class ResourceBuilderExtensions
{
    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithConnectionString> source,
        string? connectionName = null,
        bool optional = false
    )
        where TDestination : IResourceWithEnvironment
    {
        var resource = source.Resource;
        connectionName ??= resource.Name;
        builder.WithReferencesOf(resource);
        return builder.WithEnvironment(context =>
        {
            var flags = FlagsOf(builder.Resource);
            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ConnectionString))
            {
                var variable = resource.ConnectionStringEnvironmentVariable ?? $"ConnectionStrings__{connectionName}";
                context.EnvironmentVariables[variable] = new ConnectionStringReference(resource, optional);
            }

            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ConnectionProperties))
            {
                var prefix = EncodeName(connectionName).ToUpperInvariant();
                foreach (var (name, value) in PropertiesOf(resource))
                {
                    context.EnvironmentVariables[$"{prefix}_{name.ToUpperInvariant()}"] = value;
                }
            }
        });
    }

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source
    )
        where TDestination : IResourceWithEnvironment => builder.WithReference(source, source.Resource.Name);

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceBuilder<IResourceWithServiceDiscovery> source,
        string name
    )
        where TDestination : IResourceWithEnvironment => builder.WithEndpointsOf(source.Resource, null, name);

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        string name,
        Uri uri
    )
        where TDestination : IResourceWithEnvironment =>
        uri is { IsAbsoluteUri: true, AbsolutePath: "/" }
            ? builder.WithEnvironment($"services__{name}__default__0", uri.ToString())
            : throw new InvalidOperationException(
                $"The URI for the service '{name}' must be absolute and without a path."
            );

    public static IResourceBuilder<TDestination> WithReference<TDestination>(
        this IResourceBuilder<TDestination> builder,
        EndpointReference endpointReference
    )
        where TDestination : IResourceWithEnvironment =>
        builder.WithEndpointsOf(
            endpointReference.Resource,
            endpointReference.EndpointName,
            endpointReference.Resource.Name
        );

    public static IResourceBuilder<TDestination> WithReferenceEnvironment<TDestination>(
        this IResourceBuilder<TDestination> builder,
        ReferenceEnvironmentInjectionFlags flags
    )
        where TDestination : IResourceWithEnvironment =>
        builder.WithAnnotation(
            new ReferenceEnvironmentInjectionAnnotation(flags),
            ResourceAnnotationMutationBehavior.Replace
        );

    public static IResourceBuilder<T> WithConnectionProperty<T>(
        this IResourceBuilder<T> builder,
        string name,
        ReferenceExpression value
    )
        where T : IResourceWithConnectionString =>
        builder.WithAnnotation(new ConnectionPropertyAnnotation(name, value));

    public static IResourceBuilder<T> WithConnectionProperty<T>(
        this IResourceBuilder<T> builder,
        string name,
        string value
    )
        where T : IResourceWithConnectionString =>
        builder.WithConnectionProperty(name, ReferenceExpression.Create($"{value}"));

    public static ReferenceExpression GetConnectionProperty(this IResourceWithConnectionString resource, string key) =>
        PropertiesOf(resource).LastOrDefault(p => string.Equals(p.Key, key, StringComparison.OrdinalIgnoreCase)).Value
        ?? ReferenceExpression.Empty;

    public static IResourceBuilder<T> WithConnectionStringRedirection<T>(
        this IResourceBuilder<T> builder,
        IResourceWithConnectionString resource
    )
        where T : IResourceWithConnectionString =>
        builder.WithAnnotation(
            new ConnectionStringRedirectAnnotation(resource),
            ResourceAnnotationMutationBehavior.Replace
        );

    private static IEnumerable<KeyValuePair<string, ReferenceExpression>> PropertiesOf(
        IResourceWithConnectionString resource
    ) =>
        resource
            .GetConnectionProperties()
            .Concat(
                resource
                    .Annotations.OfType<ConnectionPropertyAnnotation>()
                    .Select(a => KeyValuePair.Create(a.Name, a.Value))
            );

    private static ReferenceEnvironmentInjectionFlags FlagsOf(IResource resource) =>
        resource.TryGetLastAnnotation<ReferenceEnvironmentInjectionAnnotation>(out var annotation)
            ? annotation.Flags
            : ReferenceEnvironmentInjectionFlags.All;

    private static IResourceBuilder<TDestination> WithEndpointsOf<TDestination>(
        this IResourceBuilder<TDestination> builder,
        IResourceWithEndpoints source,
        string? endpointName,
        string name
    )
        where TDestination : IResourceWithEnvironment
    {
        var reference = builder
            .Resource.Annotations.OfType<EndpointReferenceAnnotation>()
            .FirstOrDefault(a => ReferenceEquals(a.Resource, source));
        if (reference is null)
        {
            reference = new EndpointReferenceAnnotation(source);
            builder
                .WithAnnotation(reference)
                .WithReferencesOf(source)
                .WithEnvironment(context => AddEndpoints(context, reference, name));
        }

        if (endpointName is null)
        {
            reference.UseAllEndpoints = true;
        }
        else
        {
            reference.EndpointNames.Add(endpointName);
        }

        return builder;
    }

    private static void AddEndpoints(
        EnvironmentCallbackContext context,
        EndpointReferenceAnnotation reference,
        string name
    )
    {
        var flags = FlagsOf(context.Resource);
        foreach (var endpoint in reference.Resource.GetEndpoints())
        {
            var named = reference.EndpointNames.Contains(endpoint.EndpointName);
            if (!named && (!reference.UseAllEndpoints || endpoint.ExcludeReferenceEndpoint))
            {
                continue;
            }

            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.ServiceDiscovery))
            {
                context.EnvironmentVariables[$"services__{name}__{endpoint.EndpointName}__0"] = endpoint;
            }

            if (flags.HasFlag(ReferenceEnvironmentInjectionFlags.Endpoints))
            {
                context.EnvironmentVariables[
                    $"{EncodeName(name).ToUpperInvariant()}_{EncodeName(endpoint.EndpointName).ToUpperInvariant()}"
                ] = endpoint;
            }
        }
    }

    private static string EncodeName(string name) => name.Replace('-', '_');
}
