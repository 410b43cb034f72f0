using Polly;

namespace Microsoft.Extensions.Http.Resilience;

/// <summary>The standard strategies, in their order.</summary>
internal sealed record StandardPipeline(ResiliencePipeline<HttpResponseMessage> Value)
{
    public static StandardPipeline Create(HttpStandardResilienceOptions options) =>
        new(
            new ResiliencePipelineBuilder<HttpResponseMessage>()
                .AddTimeout(options.TotalRequestTimeout)
                .AddRetry(options.Retry)
                .AddCircuitBreaker(options.CircuitBreaker)
                .AddTimeout(options.AttemptTimeout)
                .Build()
        );
}

/// <summary>Sends a request through the standard strategies.</summary>
internal sealed class StandardResilienceHandler(StandardPipeline pipeline) : DelegatingHandler
{
    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request,
        CancellationToken cancellationToken
    )
    {
        // An HTTP handler below may change the address of an attempt; each attempt starts from the same one.
        var address = request.RequestUri;
        return await pipeline
            .Value.ExecuteAsync(
                async token =>
                {
                    request.RequestUri = address;
                    return await base.SendAsync(request, token).ConfigureAwait(false);
                },
                cancellationToken
            )
            .ConfigureAwait(false);
    }
}
