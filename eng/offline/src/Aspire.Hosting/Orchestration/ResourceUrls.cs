namespace Aspire.Hosting.Orchestration;

/// <summary>The links of a resource: one an endpoint, then whatever its callbacks make of them.</summary>
internal static class ResourceUrls
{
    public static async Task PublishAsync(
        IResourceWithEndpoints resource,
        DistributedApplicationExecutionContext execution,
        ResourceNotificationService notifications,
        CancellationToken cancellationToken
    )
    {
        var context = new ResourceUrlsCallbackContext(execution, resource, cancellationToken: cancellationToken);
        context.Urls.AddRange(
            resource
                .GetEndpoints()
                .Where(e => e.IsAllocated)
                .Select(e => new ResourceUrlAnnotation { Url = e.Url, Endpoint = e })
        );
        context.Urls.AddRange(resource.Annotations.OfType<ResourceUrlAnnotation>());
        foreach (var callback in resource.Annotations.OfType<ResourceUrlsCallbackAnnotation>().ToArray())
        {
            await callback.Callback(context).ConfigureAwait(false);
        }

        foreach (var url in context.Urls.Where(u => u.Endpoint is not null && u.Url.StartsWith('/')))
        {
            url.Url = url.Endpoint!.Url + url.Url;
        }

        await notifications
            .PublishUpdateAsync(
                resource,
                s =>
                    s with
                    {
                        Urls =
                        [
                            .. context.Urls.Select(u => new UrlSnapshot(
                                u.Endpoint?.EndpointName,
                                u.Url,
                                u.DisplayLocation == UrlDisplayLocation.DetailsOnly
                            )
                            {
                                DisplayProperties = new(u.DisplayText ?? ""),
                            }),
                        ],
                    }
            )
            .ConfigureAwait(false);
    }
}
