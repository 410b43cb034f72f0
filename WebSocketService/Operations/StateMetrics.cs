using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Limits;

namespace RealtimeSuite.Gateway.Operations;

/// <summary>The state that alerts compare with: what this replica may hold, whether it lacks Redis, whether its ledger balances.</summary>
internal static class StateMetrics
{
    /// <summary>Adds the instruments to the gateway's meter.</summary>
    public static void Register(IServiceProvider services)
    {
        var meter = services.GetRequiredService<IMeterFactory>().Create(GatewayTelemetry.Name);
        var limit = services.GetRequiredService<IOptions<LimitOptions>>().Value.MaxConnections;
        var watchdog = services.GetRequiredService<Watchdog>();
        meter.CreateObservableGauge(
            "realtime_connections_limit",
            () => limit,
            "{connection}",
            "Connections that this replica takes before it refuses with 1013."
        );
        var audit = services.GetRequiredService<LedgerAudit>();
        meter.CreateObservableGauge(
            "realtime_ledger_alarm",
            () => audit.Alarm,
            "{message}",
            "Copies of which nobody has known for longer than Continuity:LedgerPatience what became; zero while the ledger balances."
        );
        meter.CreateObservableGauge(
            "realtime_redis_away",
            () => watchdog.IsLost ? 1 : 0,
            "1",
            "1 while nothing comes through Redis and events are delivered straight from Kafka."
        );
    }
}
