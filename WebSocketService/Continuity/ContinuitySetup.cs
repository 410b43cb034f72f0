using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace RealtimeSuite.Gateway.Continuity;

/// <summary>What keeps events from being lost: the way around Redis, the ledger, and the orderly end.</summary>
internal static class ContinuitySetup
{
    private static readonly TimeSpan AfterDrain = TimeSpan.FromSeconds(15);

    /// <summary>Registers it.</summary>
    public static void AddContinuity(this WebApplicationBuilder builder)
    {
        builder.Services.AddSingleton<Ledger>();
        builder.Services.AddSingleton<PositionBoard>();
        builder.Services.AddSingleton<Watchdog>();
        builder.Services.AddSingleton<KafkaTails>();
        builder.Services.AddSingleton<LedgerAudit>();
        builder.Services.AddSingleton<Drain>();
        builder.Services.AddHostedService(services => services.GetRequiredService<PositionBoard>());
        builder.Services.AddHostedService(services => services.GetRequiredService<Watchdog>());
        builder.Services.AddHostedService(services => services.GetRequiredService<LedgerAudit>());
        builder.Services.AddHostedService(services => services.GetRequiredService<Drain>());
        builder.Services.AddHostedService<Switchover>();
        builder.Services.AddHealthChecks().AddCheck<ReadinessCheck>("gateway");

        // Redis is not needed to deliver: without it the gateway is degraded, and says so, but takes connections.
        builder.Services.PostConfigure<HealthCheckServiceOptions>(options =>
        {
            foreach (
                var check in options.Registrations.Where(check =>
                    check.Name.Contains("Redis", StringComparison.Ordinal)
                )
            )
            {
                check.FailureStatus = HealthStatus.Degraded;
            }
        });
        builder
            .Services.AddOptions<HostOptions>()
            .Configure<Microsoft.Extensions.Options.IOptions<ContinuityOptions>>(
                (host, continuity) => host.ShutdownTimeout = continuity.Value.DrainWindow + AfterDrain
            );
    }
}
