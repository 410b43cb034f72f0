namespace RealtimeSuite.Telemetry.Prometheus;

/// <summary>Collects for scrapers. Whoever comes while a collection runs gets its result: many scrapers cost no more than one.</summary>
internal sealed class PrometheusScrapes(PrometheusExporter exporter)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    private readonly Lock _changing = new();
    private Task<IReadOnlyCollection<MetricFamily>?>? _running;

    /// <summary>The families now; null when the instruments did not answer in time.</summary>
    public Task<IReadOnlyCollection<MetricFamily>?> CollectAsync()
    {
        lock (_changing)
        {
            return _running ??= Task.Run(Collect);
        }
    }

    private IReadOnlyCollection<MetricFamily>? Collect()
    {
        try
        {
            return exporter.TryCollect(Patience);
        }
        finally
        {
            lock (_changing)
            {
                _running = null;
            }
        }
    }
}
