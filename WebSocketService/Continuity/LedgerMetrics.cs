using System.Diagnostics.Metrics;

namespace RealtimeSuite.Gateway.Continuity;

/// <summary>The ledger as metrics.</summary>
internal static class LedgerMetrics
{
    private const string Unit = "{message}";

    /// <summary>Adds the instruments.</summary>
    public static void Register(Meter meter, Ledger ledger)
    {
        meter.CreateObservableCounter(
            "realtime_ledger_offered_total",
            () => ledger.ReadRecent().Offered,
            Unit,
            "Copies of events that were to be delivered, one a connection; one for an event that none wanted."
        );
        meter.CreateObservableCounter(
            "realtime_ledger_settled_total",
            () => Outcomes(ledger.ReadRecent()),
            Unit,
            "What became of them, by outcome."
        );
        meter.CreateObservableGauge(
            "realtime_ledger_waiting",
            () => ledger.ReadRecent().Waiting,
            Unit,
            "Copies on their way to a socket."
        );
        meter.CreateObservableGauge(
            "realtime_ledger_missing",
            () => ledger.ReadRecent().Missing,
            Unit,
            "Copies of which nobody knows what became; not zero for longer than a moment is an alarm."
        );
        meter.CreateObservableCounter(
            "realtime_ledger_published_total",
            () => ledger.ReadRecent().Published,
            Unit,
            "Copies published on Redis for all replicas. Over all replicas it equals what they received, but for what pub/sub lost and subscriptions that were just being given up."
        );
        meter.CreateObservableCounter(
            "realtime_ledger_received_total",
            () => ledger.ReadRecent().Received,
            Unit,
            "Copies received from Redis."
        );
    }

    private static IEnumerable<Measurement<long>> Outcomes(LedgerState state)
    {
        yield return Of("delivered", state.Delivered);
        yield return Of("conflated", state.Conflated);
        yield return Of("recovered", state.Recovered);
        yield return Of("no_subscriber", state.NoSubscriber);
        foreach (var (reason, count) in state.Dropped)
        {
            yield return Of("dropped_" + reason, count);
        }
    }

    private static Measurement<long> Of(string outcome, long count) =>
        new(count, KeyValuePair.Create<string, object?>("outcome", outcome));
}
