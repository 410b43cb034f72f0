using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Options;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Continuity;

/// <summary>Whether this replica should get new connections: not before it knows where Kafka stands nor while it stops, and in a degraded way while events do not come through Redis.</summary>
internal sealed class ReadinessCheck(
    Drain drain,
    Watchdog watchdog,
    ChannelFeeds feeds,
    PositionBoard positions,
    IOptions<ContinuityOptions> options
) : IHealthCheck
{
    public Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    ) =>
        Task.FromResult(
            drain.IsDraining ? HealthCheckResult.Unhealthy("The gateway is stopping.")
            : options.Value.KafkaTail && !positions.HasBegun
                ? HealthCheckResult.Unhealthy("The positions in Kafka are not known yet.")
            : !feeds.IsLive ? HealthCheckResult.Degraded("Events come straight from Kafka.")
            : watchdog.IsLost ? HealthCheckResult.Degraded("Nothing comes through Redis.")
            : HealthCheckResult.Healthy()
        );
}
