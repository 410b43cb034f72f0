using System.Globalization;
using System.Text;

namespace RealtimeSuite.Telemetry.Prometheus;

/// <summary>Writes families as text (sources: Prometheus exposition format 0.0.4; OpenMetrics 1.0.0).</summary>
internal static class PrometheusText
{
    /// <summary>What every scraper understands.</summary>
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";

    /// <summary>For those that ask for <see cref="OpenMetrics"/>.</summary>
    public const string OpenMetricsContentType = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /// <summary>The media type of OpenMetrics.</summary>
    public const string OpenMetrics = "application/openmetrics-text";

    /// <summary>The whole page.</summary>
    public static string Write(IEnumerable<MetricFamily> families, bool openMetrics)
    {
        var page = new StringBuilder(16 * 1024);
        foreach (var family in families)
        {
            WriteHead(page, family, openMetrics);
            foreach (var sample in family.Samples)
            {
                WriteSample(page, family, sample, openMetrics);
            }
        }

        return openMetrics ? page.Append("# EOF\n").ToString() : page.ToString();
    }

    /// <summary>Labels as they stand between the braces.</summary>
    public static string Labels(IEnumerable<KeyValuePair<string, string>> labels) =>
        string.Join(',', labels.Select(label => $"{label.Key}=\"{Escape(label.Value, quotes: true)}\""));

    /// <summary>A number; the shortest text that reads back as the same value.</summary>
    public static string Number(double value) =>
        value switch
        {
            double.PositiveInfinity => "+Inf",
            double.NegativeInfinity => "-Inf",
            double.NaN => "NaN",
            _ => value.ToString("R", CultureInfo.InvariantCulture),
        };

    private static void WriteHead(StringBuilder page, MetricFamily family, bool openMetrics)
    {
        var (name, type) = openMetrics ? OpenMetricsHead(family) : (family.Name, TextType(family.Kind));
        if (family.Help.Length > 0)
        {
            page.Append("# HELP ").Append(name).Append(' ');
            page.Append(Escape(family.Help, quotes: openMetrics)).Append('\n');
        }

        page.Append("# TYPE ").Append(name).Append(' ').Append(type).Append('\n');
    }

    private static string TextType(MetricKind kind) =>
        kind switch
        {
            MetricKind.Counter => "counter",
            MetricKind.Histogram => "histogram",
            _ => "gauge",
        };

    private static (string Name, string Type) OpenMetricsHead(MetricFamily family) =>
        family.Kind switch
        {
            // Here a counter's lines must end in _total. One of ours without it keeps its name and goes without a type.
            MetricKind.Counter when !family.Name.EndsWith(PrometheusNames.Total, StringComparison.Ordinal) => (
                family.Name,
                "unknown"
            ),
            MetricKind.Counter => (family.Name[..^PrometheusNames.Total.Length], "counter"),
            MetricKind.Info => (family.Name[..^"_info".Length], "info"),
            _ => (family.Name, TextType(family.Kind)),
        };

    private static void WriteSample(StringBuilder page, MetricFamily family, MetricSample sample, bool openMetrics)
    {
        page.Append(family.Name).Append(sample.Suffix);
        if (sample.Labels.Length > 0 || sample.UpperBound is not null)
        {
            page.Append('{').Append(sample.Labels);
            if (sample.UpperBound is { } bound)
            {
                page.Append(sample.Labels.Length > 0 ? "," : "").Append("le=\"");
                page.Append(Bound(bound, openMetrics)).Append('"');
            }

            page.Append('}');
        }

        page.Append(' ').Append(sample.Value).Append('\n');
    }

    private static string Bound(double bound, bool openMetrics) =>
        openMetrics && double.IsInteger(bound) && Number(bound).All(char.IsAsciiDigit)
            ? Number(bound) + ".0"
            : Number(bound);

    private static string Escape(string text, bool quotes)
    {
        var escaped = text.Replace("\\", "\\\\", StringComparison.Ordinal)
            .Replace("\n", "\\n", StringComparison.Ordinal);
        return quotes ? escaped.Replace("\"", "\\\"", StringComparison.Ordinal) : escaped;
    }
}
