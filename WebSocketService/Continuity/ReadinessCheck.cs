using Microsoft.Extensions.Diagnostics.HealthChecks;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Continuity;

/// <summary>Whether this replica should get new connections: not while it stops, and in a degraded way while events do not come through Redis.</summary>
internal sealed class ReadinessCheck(Drain drain, Watchdog watchdog, ChannelFeeds feeds) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            drain.IsDraining ? HealthCheckResult.Unhealthy("The gateway is stopping.")
            : !feeds.IsLive ? HealthCheckResult.Degraded("Events come straight from Kafka.")
            : watchdog.IsLost ? HealthCheckResult.Degraded("Nothing comes through Redis.")
            : HealthCheckResult.Healthy()
        );
}
