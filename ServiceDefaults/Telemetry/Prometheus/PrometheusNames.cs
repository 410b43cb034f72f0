using System.Text;

namespace RealtimeSuite.Telemetry.Prometheus;

/// <summary>
/// Names of metrics and labels. The suite's own instruments keep their names to the letter: dashboards of the seeds ask for them. Those
/// of .NET get the unit and, on counters, <c>_total</c> (source: OpenTelemetry, Prometheus and OpenMetrics compatibility).
/// </summary>
internal static class PrometheusNames
{
    /// <summary>What ends the name of a counter.</summary>
    public const string Total = "_total";

    /// <summary>The name of the family that an instrument belongs to.</summary>
    public static string Family(string meter, string instrument, string unit, MetricKind kind)
    {
        var name = Sanitize(instrument, allowColon: true);
        if (meter.StartsWith(TelemetrySetup.Prefix, StringComparison.Ordinal))
        {
            return name;
        }

        if (kind == MetricKind.Counter && name.EndsWith(Total, StringComparison.Ordinal))
        {
            name = name[..^Total.Length];
        }

        if (
            Unit(unit, kind) is { Length: > 0 } suffix
            && !name.EndsWith("_" + suffix, StringComparison.Ordinal)
            && name != suffix
        )
        {
            name += "_" + suffix;
        }

        return kind == MetricKind.Counter ? name + Total : name;
    }

    /// <summary>The name of a label.</summary>
    public static string Label(string key) => Sanitize(key, allowColon: false);

    private static string Unit(string unit, MetricKind kind) =>
        unit switch
        {
            "1" => kind == MetricKind.Gauge ? "ratio" : "",
            "s" => "seconds",
            "ms" => "milliseconds",
            "us" => "microseconds",
            "ns" => "nanoseconds",
            "min" => "minutes",
            "h" => "hours",
            "d" => "days",
            "By" => "bytes",
            "KiBy" => "kibibytes",
            "MiBy" => "mebibytes",
            "%" => "percent",
            "Hz" => "hertz",
            "Cel" => "celsius",
            _ => unit.Contains('{', StringComparison.Ordinal) ? "" : Sanitize(unit, allowColon: false).Trim('_'),
        };

    private static string Sanitize(string text, bool allowColon)
    {
        var name = new StringBuilder(text.Length + 1);
        foreach (var c in text)
        {
            if (char.IsAsciiLetterOrDigit(c) || c == '_' || (allowColon && c == ':'))
            {
                if (name.Length == 0 && char.IsAsciiDigit(c))
                {
                    name.Append('_');
                }

                name.Append(c);
            }
            else if (name.Length == 0 || name[^1] != '_')
            {
                name.Append('_');
            }
        }

        return name.ToString();
    }
}
