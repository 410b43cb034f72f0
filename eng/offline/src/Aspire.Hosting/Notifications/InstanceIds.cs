using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The ids of a resource's instances: <c>gateway-xhfwqzrt</c> for what runs as a process, else its own name.</summary>
internal static class InstanceIds
{
    private const string Letters = "abcdefghjkmnpqrstuvwxyz";

    public static IReadOnlyList<string> Of(IResource resource) =>
        resource.TryGetLastAnnotation<InstanceIdsAnnotation>(out var ids) ? ids.Ids : [resource.Name];

    /// <summary>Gives ids to everything that runs as processes or would run as a container. Repeating it changes nothing.</summary>
    public static void Assign(IResource resource)
    {
        if (
            resource is ExecutableResource or ProjectResource or ContainerResource
            && !resource.HasAnnotationOfType<InstanceIdsAnnotation>()
        )
        {
            resource.Annotations.Add(
                new InstanceIdsAnnotation([
                    .. Enumerable.Range(0, resource.GetReplicaCount()).Select(_ => $"{resource.Name}-{Suffix()}"),
                ])
            );
        }
    }

    public static string Suffix() => RandomNumberGenerator.GetString(Letters, 8);

    private sealed class InstanceIdsAnnotation(IReadOnlyList<string> ids) : IResourceAnnotation
    {
        public IReadOnlyList<string> Ids { get; } = ids;
    }
}
