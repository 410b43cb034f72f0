using System.Globalization;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Hosting.Health;

/// <summary>Healthy when a GET answers with the expected status.</summary>
internal sealed class HttpEndpointHealthCheck(IHttpClientFactory clients, Func<Uri> url, int expected) : IHealthCheck
{
    private static readonly TimeSpan s_timeout = TimeSpan.FromSeconds(5);

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(s_timeout);
        try
        {
            using var client = clients.CreateClient();
            using var response = await client
                .GetAsync(url(), HttpCompletionOption.ResponseHeadersRead, limit.Token)
                .ConfigureAwait(false);
            return (int)response.StatusCode == expected
                ? HealthCheckResult.Healthy()
                : HealthCheckResult.Unhealthy(
                    string.Create(
                        CultureInfo.InvariantCulture,
                        $"{url()} answered {(int)response.StatusCode} instead of {expected}."
                    )
                );
        }
        catch (HttpRequestException exception)
        {
            return HealthCheckResult.Unhealthy($"{url()} cannot be reached.", exception);
        }
        catch (OperationCanceledException exception) when (!cancellationToken.IsCancellationRequested)
        {
            return HealthCheckResult.Unhealthy($"{url()} did not answer in {s_timeout.TotalSeconds} s.", exception);
        }
    }
}
