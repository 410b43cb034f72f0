namespace Aspire.Hosting.Publishing;

/// <summary>Decides which ports a manifest names. What it leaves open, the deployment tool chooses.</summary>
internal sealed class ManifestPorts
{
    private const int First = 8000;
    private readonly HashSet<int> _used = [];

    /// <summary>The endpoints of a resource with the port others see, where it is not the target's, and the port its process listens on.</summary>
    public IReadOnlyList<(EndpointAnnotation Endpoint, int? Port, int? TargetPort)> Resolve(IResource resource)
    {
        var schemes = new HashSet<string>(StringComparer.Ordinal);
        var resolved = new List<(EndpointAnnotation, int?, int?)>();
        foreach (var endpoint in resource.Annotations.OfType<EndpointAnnotation>())
        {
            var isHttp = endpoint.UriScheme is "http" or "https";

            // The first HTTP endpoint of a project is the deployment tool's to place; any further one needs a port of its own.
            var isDefault = resource is ProjectResource && isHttp && schemes.Add(endpoint.UriScheme);
            var target =
                endpoint.TargetPort
                ?? (resource is ContainerResource ? endpoint.Port : null)
                ?? (isDefault ? null : Free());
            var port = endpoint.Port ?? (target is null && !isHttp ? Free() : null);
            Use(port);
            Use(target);
            resolved.Add((endpoint, port, target));
        }

        return resolved;
    }

    private int Free()
    {
        var port = First;
        while (_used.Contains(port))
        {
            port++;
        }

        return port;
    }

    private void Use(int? port)
    {
        if (port is { } number)
        {
            _used.Add(number);
        }
    }
}
