namespace RealtimeSuite.Telemetry.Prometheus;

/// <summary>What one collection found under one name (source: Prometheus exposition formats).</summary>
/// <param name="Name">The name as Prometheus knows it, for a counter with its <c>_total</c>.</param>
/// <param name="Kind">The type.</param>
/// <param name="Help">The instrument's description.</param>
internal sealed record MetricFamily(string Name, MetricKind Kind, string Help)
{
    /// <summary>The values; all lines of a histogram's series follow one another.</summary>
    public List<MetricSample> Samples { get; } = [];
}

/// <summary>One line of the text format.</summary>
/// <param name="Suffix">What follows the family's name: <c>_bucket</c>, <c>_sum</c>, <c>_count</c>, or nothing.</param>
/// <param name="Labels">The labels as they are written, escaped, without braces.</param>
/// <param name="Value">The number as it is written.</param>
/// <param name="UpperBound">Of a bucket: its inclusive bound.</param>
internal readonly record struct MetricSample(string Suffix, string Labels, string Value, double? UpperBound = null);

/// <summary>The types that the suite's instruments map to.</summary>
internal enum MetricKind
{
    /// <summary>Rises only.</summary>
    Counter,

    /// <summary>Rises and falls.</summary>
    Gauge,

    /// <summary>Cumulative buckets, a sum and a count.</summary>
    Histogram,

    /// <summary>Labels that describe the process; always 1.</summary>
    Info,
}
