using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

public static class ResourceExtensions
{
    public static bool TryGetLastAnnotation<T>(this IResource resource, [NotNullWhen(true)] out T? annotation)
        where T : IResourceAnnotation
    {
        annotation = resource.Annotations.OfType<T>().LastOrDefault();
        return annotation is not null;
    }

    public static bool TryGetAnnotationsOfType<T>(
        this IResource resource,
        [NotNullWhen(true)] out IEnumerable<T>? result
    )
        where T : IResourceAnnotation
    {
        var found = resource.Annotations.OfType<T>().ToArray();
        result = found.Length > 0 ? found : null;
        return result is not null;
    }

    public static bool HasAnnotationOfType<T>(this IResource resource)
        where T : IResourceAnnotation => resource.Annotations.OfType<T>().Any();

    public static bool TryGetEnvironmentVariables(
        this IResource resource,
        [NotNullWhen(true)] out IEnumerable<EnvironmentCallbackAnnotation>? environmentVariables
    ) => resource.TryGetAnnotationsOfType(out environmentVariables);

    public static bool IsExcludedFromPublish(this IResource resource) =>
        resource.Annotations.OfType<ManifestPublishingCallbackAnnotation>().LastOrDefault()
        == ManifestPublishingCallbackAnnotation.Ignore;

    public static bool TryGetContainerMounts(
        this IResource resource,
        [NotNullWhen(true)] out IEnumerable<ContainerMountAnnotation>? volumeMounts
    ) => resource.TryGetAnnotationsOfType(out volumeMounts);

    public static bool TryGetEndpoints(
        this IResource resource,
        [NotNullWhen(true)] out IEnumerable<EndpointAnnotation>? endpoints
    ) => resource.TryGetAnnotationsOfType(out endpoints);

    public static bool TryGetUrls(
        this IResource resource,
        [NotNullWhen(true)] out IEnumerable<ResourceUrlAnnotation>? urls
    ) => resource.TryGetAnnotationsOfType(out urls);

    public static IEnumerable<EndpointReference> GetEndpoints(this IResourceWithEndpoints resource) =>
        resource.Annotations.OfType<EndpointAnnotation>().Select(e => new EndpointReference(resource, e));

    public static IEnumerable<EndpointReference> GetEndpoints(
        this IResourceWithEndpoints resource,
        NetworkIdentifier contextNetworkId
    ) =>
        resource
            .Annotations.OfType<EndpointAnnotation>()
            .Select(e => new EndpointReference(resource, e, contextNetworkId));

    public static EndpointReference GetEndpoint(this IResourceWithEndpoints resource, string endpointName) =>
        new(resource, endpointName);

    public static EndpointReference GetEndpoint(
        this IResourceWithEndpoints resource,
        string endpointName,
        NetworkIdentifier contextNetworkId
    ) => new(resource, endpointName, contextNetworkId);

    public static bool TryGetContainerImageName(this IResource resource, [NotNullWhen(true)] out string? imageName)
    {
        imageName = resource.Annotations.OfType<ContainerImageAnnotation>().LastOrDefault() is { } image
            ? (image.Registry is null ? "" : image.Registry + "/")
                + image.Image
                + (
                    image.SHA256 is not null ? "@sha256:" + image.SHA256
                    : image.Tag is null ? ""
                    : ":" + image.Tag
                )
            : null;
        return imageName is not null;
    }

    public static int GetReplicaCount(this IResource resource) =>
        resource.Annotations.OfType<ReplicaAnnotation>().LastOrDefault()?.Replicas ?? 1;
}
