using Aspire.Hosting.Health;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting;

/// <summary>Health checks: a resource with one is ready only when it passes.</summary>
public static partial class ResourceBuilderExtensions
{
    public static IResourceBuilder<T> WithHealthCheck<T>(this IResourceBuilder<T> builder, string key)
        where T : IResource
    {
        if (builder.Resource.Annotations.OfType<HealthCheckAnnotation>().Any(a => a.Key == key))
        {
            throw new DistributedApplicationException(
                $"The health check '{key}' is already on the resource '{builder.Resource.Name}'."
            );
        }

        return builder.WithAnnotation(new HealthCheckAnnotation(key));
    }

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        string? path = null,
        int? statusCode = null,
        [EndpointName] string? endpointName = null
    )
        where T : IResourceWithEndpoints =>
        builder.WithHttpHealthCheck(
            endpointName is null ? null : () => builder.Resource.GetEndpoint(endpointName),
            path,
            statusCode
        );

    public static IResourceBuilder<T> WithHttpHealthCheck<T>(
        this IResourceBuilder<T> builder,
        Func<EndpointReference>? endpointSelector,
        string? path = null,
        int? statusCode = null
    )
        where T : IResourceWithEndpoints
    {
        // Selected when first used: endpoints may still be added or renamed until then.
        var endpoint = new Lazy<EndpointReference>(() =>
            endpointSelector?.Invoke() ?? DefaultHttpEndpoint(builder.Resource)
        );
        path ??= "/";
        var key = $"{builder.Resource.Name}_http_{path}_{statusCode ?? 200}_check";
        builder
            .ApplicationBuilder.Services.AddHealthChecks()
            .Add(
                new HealthCheckRegistration(
                    key,
                    services => new HttpEndpointHealthCheck(
                        services.GetRequiredService<IHttpClientFactory>(),
                        () => new Uri(new Uri(endpoint.Value.Url), path),
                        statusCode ?? 200
                    ),
                    failureStatus: null,
                    tags: null
                )
            );
        return builder.WithHealthCheck(key);
    }

    private static EndpointReference DefaultHttpEndpoint(IResourceWithEndpoints resource) =>
        resource.GetEndpoints().FirstOrDefault(e => e.Scheme == "http")
        ?? resource.GetEndpoints().FirstOrDefault(e => e.Scheme == "https")
        ?? throw new DistributedApplicationException(
            $"The resource '{resource.Name}' has an HTTP health check but no HTTP endpoint: add one, or name another endpoint."
        );
}
