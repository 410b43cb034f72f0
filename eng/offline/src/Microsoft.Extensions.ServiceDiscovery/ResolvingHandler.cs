namespace Microsoft.Extensions.ServiceDiscovery;

/// <summary>Sends a request to the endpoint that its address stands for, and leaves the request as it was.</summary>
internal sealed class ResolvingHandler(ConfiguredEndpoints endpoints) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        var address = request.RequestUri;
        if (address is null)
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }

        // A retry further out sends the same request again and is to be resolved again.
        request.RequestUri = endpoints.Resolve(address);
        try
        {
            return await base.SendAsync(request, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            request.RequestUri = address;
        }
    }
}
