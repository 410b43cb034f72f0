using System.Globalization;
using OpenTelemetry;
using OpenTelemetry.Metrics;

namespace RealtimeSuite.Telemetry.Prometheus;

/// <summary>
/// Copies what the OpenTelemetry SDK has counted into <see cref="MetricFamily"/>s, once a collection. Called by
/// <see cref="PrometheusScrapes"/> only, one collection at a time; the SDK's points are valid only within <see cref="Export"/>.
/// </summary>
[ExportModes(ExportModes.Pull)]
internal sealed class PrometheusExporter : BaseExporter<Metric>, IPullMetricExporter
{
    private Dictionary<string, MetricFamily> _families = new(StringComparer.Ordinal);

    /// <summary>Set by the reader: collects, and calls <see cref="Export"/> within the milliseconds given.</summary>
    public Func<int, bool>? Collect { get; set; }

    /// <summary>Collects now; null when the instruments did not answer in time.</summary>
    public IReadOnlyCollection<MetricFamily>? TryCollect(TimeSpan patience)
    {
        _families = new Dictionary<string, MetricFamily>(StringComparer.Ordinal);
        return Collect?.Invoke((int)patience.TotalMilliseconds) == true ? _families.Values : null;
    }

    /// <inheritdoc/>
    public override ExportResult Export(in Batch<Metric> batch)
    {
        foreach (var metric in batch)
        {
            if (KindOf(metric.MetricType) is { } kind && FamilyOf(metric, kind) is { } family)
            {
                foreach (ref readonly var point in metric.GetMetricPoints())
                {
                    Add(family, metric.MetricType, in point);
                }
            }
        }

        return ExportResult.Success;
    }

    private static MetricKind? KindOf(MetricType type) =>
        type switch
        {
            MetricType.LongSum or MetricType.DoubleSum => MetricKind.Counter,
            MetricType.Histogram => MetricKind.Histogram,
            // The text formats have no exponential histograms; none is configured.
            MetricType.ExponentialHistogram => null,
            _ => MetricKind.Gauge,
        };

    /// <summary>Instruments of several meters may share a family; one of another type under the same name is left out, as it would make the page invalid.</summary>
    private MetricFamily? FamilyOf(Metric metric, MetricKind kind)
    {
        var name = PrometheusNames.Family(metric.MeterName, metric.Name, metric.Unit, kind);
        if (!_families.TryGetValue(name, out var family))
        {
            _families[name] = family = new MetricFamily(name, kind, metric.Description);
        }

        return family.Kind == kind ? family : null;
    }

    private static void Add(MetricFamily family, MetricType type, in MetricPoint point)
    {
        var labels = Labels(point.Tags);
        switch (type)
        {
            case MetricType.Histogram:
                AddHistogram(family, labels, in point);
                break;
            case MetricType.LongSum or MetricType.LongSumNonMonotonic:
                family.Samples.Add(new MetricSample("", labels, Number(point.GetSumLong())));
                break;
            case MetricType.LongGauge:
                family.Samples.Add(new MetricSample("", labels, Number(point.GetGaugeLastValueLong())));
                break;
            case MetricType.DoubleGauge:
                family.Samples.Add(
                    new MetricSample("", labels, PrometheusText.Number(point.GetGaugeLastValueDouble()))
                );
                break;
            default:
                family.Samples.Add(new MetricSample("", labels, PrometheusText.Number(point.GetSumDouble())));
                break;
        }
    }

    private static void AddHistogram(MetricFamily family, string labels, in MetricPoint point)
    {
        // The count is the sum of the buckets, so that both agree even while others record.
        long count = 0;
        foreach (var bucket in point.GetHistogramBuckets())
        {
            count += bucket.BucketCount;
            if (!double.IsPositiveInfinity(bucket.ExplicitBound))
            {
                family.Samples.Add(new MetricSample("_bucket", labels, Number(count), bucket.ExplicitBound));
            }
        }

        family.Samples.Add(new MetricSample("_bucket", labels, Number(count), double.PositiveInfinity));
        family.Samples.Add(new MetricSample("_sum", labels, PrometheusText.Number(point.GetHistogramSum())));
        family.Samples.Add(new MetricSample("_count", labels, Number(count)));
    }

    /// <summary>Labels in the order of their names. Keys that differ only in characters that are not allowed become one label, values joined by a semicolon.</summary>
    private static string Labels(ReadOnlyTagCollection tags)
    {
        var labels = new SortedDictionary<string, string>(StringComparer.Ordinal);
        foreach (var (key, value) in tags)
        {
            var name = PrometheusNames.Label(key);
            var text = value switch
            {
                bool flag => flag ? "true" : "false",
                _ => Convert.ToString(value, CultureInfo.InvariantCulture) ?? "",
            };
            labels[name] = labels.TryGetValue(name, out var other) ? other + ";" + text : text;
        }

        return PrometheusText.Labels(labels);
    }

    private static string Number(long value) => value.ToString(CultureInfo.InvariantCulture);
}
