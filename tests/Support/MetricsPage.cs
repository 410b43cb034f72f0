using System.Globalization;
using System.Text.RegularExpressions;

namespace RealtimeSuite.Testing;

/// <summary>Reads Prometheus text, strictly: anything that the format does not allow throws (source: Prometheus exposition format 0.0.4, OpenMetrics 1.0.0).</summary>
public sealed partial class MetricsPage
{
    private static readonly string[] Suffixes = ["_bucket", "_sum", "_count", "_total", "_info"];

    private readonly Dictionary<string, string> _types = new(StringComparer.Ordinal);
    private readonly Dictionary<string, string> _help = new(StringComparer.Ordinal);
    private readonly List<MetricLine> _lines = [];
    private readonly HashSet<string> _closed = new(StringComparer.Ordinal);
    private readonly bool _openMetrics;
    private string? _family;

    private MetricsPage(bool openMetrics) => _openMetrics = openMetrics;

    /// <summary>The type of each family.</summary>
    public IReadOnlyDictionary<string, string> Types => _types;

    /// <summary>The help of each family, unescaped.</summary>
    public IReadOnlyDictionary<string, string> Help => _help;

    /// <summary>All values.</summary>
    public IReadOnlyList<MetricLine> Lines => _lines;

    /// <summary>Reads a page.</summary>
    public static MetricsPage Parse(string text, bool openMetrics = false)
    {
        var page = new MetricsPage(openMetrics);
        Require(text.EndsWith('\n'), "the page ends with a line feed", text[^Math.Min(40, text.Length)..]);
        var lines = text[..^1].Split('\n');
        Require(!openMetrics || lines[^1] == "# EOF", "OpenMetrics ends with # EOF", lines[^1]);
        foreach (var line in openMetrics ? lines[..^1] : lines)
        {
            page.Read(line);
        }

        page.CheckHistograms();
        return page;
    }

    /// <summary>The value of the one line with that name and all those labels.</summary>
    public double Value(string name, params (string Name, string Value)[] labels) =>
        _lines
            .Single(line =>
                line.Name == name && labels.All(label => line.Labels.GetValueOrDefault(label.Name) == label.Value)
            )
            .Value;

    /// <summary>Names of the labels that lines of that name carry.</summary>
    public IEnumerable<string> LabelsOf(string name) =>
        _lines
            .Where(line => line.Name == name)
            .SelectMany(line => line.Labels.Keys)
            .Distinct(StringComparer.Ordinal)
            .Order(StringComparer.Ordinal);

    private void Read(string line)
    {
        if (HelpLine().Match(line) is { Success: true } help)
        {
            Enter(help.Groups["name"].Value, line);
            Require(
                _help.TryAdd(_family!, Unescape(help.Groups["rest"].Value, _openMetrics)),
                "one HELP a family",
                line
            );
        }
        else if (TypeLine().Match(line) is { Success: true } type)
        {
            Enter(type.Groups["name"].Value, line);
            Require(_types.TryAdd(_family!, type.Groups["rest"].Value), "one TYPE a family", line);
        }
        else
        {
            var sample = SampleLine().Match(line);
            Require(sample.Success, "a HELP, a TYPE or a value", line);
            var name = sample.Groups["name"].Value;
            Require(_family is not null && BelongsTo(name, _family), "a line stands with its family", line);
            var parsed = new MetricLine(
                name,
                ReadLabels(sample.Groups["labels"].Value, line),
                Number(sample.Groups["value"].Value)
            );
            Require(!_lines.Any(other => other.IsSameSeries(parsed)), "a series stands once", line);
            _lines.Add(parsed);
        }
    }

    private void Enter(string family, string line)
    {
        if (_family != family)
        {
            Require(_closed.Add(family), "a family stands in one piece", line);
            _family = family;
        }
    }

    private bool BelongsTo(string name, string family) =>
        name == family
        || Suffixes.Any(suffix =>
            name == family + suffix && (_openMetrics || _types.GetValueOrDefault(family) == "histogram")
        );

    private static Dictionary<string, string> ReadLabels(string text, string line)
    {
        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        var at = 0;
        while (at < text.Length)
        {
            var label = LabelPair().Match(text, at);
            Require(label.Success && label.Index == at, "labels as name=\"value\"", line);
            Require(
                labels.TryAdd(label.Groups["name"].Value, Unescape(label.Groups["value"].Value, true)),
                "a label once",
                line
            );
            at += label.Length;
        }

        return labels;
    }

    private void CheckHistograms()
    {
        foreach (var (family, type) in _types)
        {
            if (type != "histogram")
            {
                continue;
            }

            var series = _lines
                .Where(line => line.Name == family + "_bucket")
                .GroupBy(line => line.SeriesWithout("le"), StringComparer.Ordinal);
            foreach (var buckets in series)
            {
                var bounds = buckets.Select(bucket => Number(bucket.Labels["le"])).ToArray();
                var counts = buckets.Select(bucket => bucket.Value).ToArray();
                Require(bounds.SequenceEqual(bounds.Order().Distinct()), "bounds rise", buckets.Key);
                Require(counts.SequenceEqual(counts.Order()), "counts of buckets rise", buckets.Key);
                Require(double.IsPositiveInfinity(bounds[^1]), "the last bucket is +Inf", buckets.Key);
                var count = _lines.Single(line =>
                    line.Name == family + "_count" && line.SeriesWithout("le") == buckets.Key
                );
                Require(counts[^1].Equals(count.Value), "+Inf equals the count", buckets.Key);
                Require(
                    _lines.Any(line => line.Name == family + "_sum" && line.SeriesWithout("le") == buckets.Key),
                    "a histogram has a sum",
                    buckets.Key
                );
            }
        }
    }

    private static double Number(string text) =>
        text switch
        {
            "+Inf" => double.PositiveInfinity,
            "-Inf" => double.NegativeInfinity,
            "NaN" => double.NaN,
            _ => double.Parse(text, NumberStyles.Float, CultureInfo.InvariantCulture),
        };

    private static string Unescape(string text, bool quotes) =>
        EscapeSequence()
            .Replace(
                text,
                escape =>
                    escape.Value switch
                    {
                        "\\n" => "\n",
                        "\\\\" => "\\",
                        "\\\"" when quotes => "\"",
                        _ => throw new FormatException("No such escape: " + text),
                    }
            );

    private static void Require(bool condition, string rule, string where)
    {
        if (!condition)
        {
            throw new FormatException($"Not true: {rule}. At: {where}");
        }
    }

    [GeneratedRegex(
        "^# HELP (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>.*)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex HelpLine();

    [GeneratedRegex(
        "^# TYPE (?<name>[a-zA-Z_:][a-zA-Z0-9_:]*) (?<rest>counter|gauge|histogram|info|unknown)$",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex TypeLine();

    [GeneratedRegex(
        """^(?<name>[a-zA-Z_:][a-zA-Z0-9_:]*)(\{(?<labels>.*)\})? (?<value>[+-]Inf|NaN|[+-]?[0-9.]+([eE][+-]?[0-9]+)?)$""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex SampleLine();

    [GeneratedRegex(
        """(?<name>[a-zA-Z_][a-zA-Z0-9_]*)="(?<value>([^"\\]|\\.)*)"(,|$)""",
        RegexOptions.ExplicitCapture,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex LabelPair();

    [GeneratedRegex(@"\\.?", RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EscapeSequence();
}

/// <summary>One value of a page.</summary>
/// <param name="Name">The name, with its suffix.</param>
/// <param name="Labels">The labels, unescaped.</param>
/// <param name="Value">The value.</param>
public sealed record MetricLine(string Name, IReadOnlyDictionary<string, string> Labels, double Value)
{
    internal bool IsSameSeries(MetricLine other) => Name == other.Name && SeriesWithout("") == other.SeriesWithout("");

    internal string SeriesWithout(string label) =>
        string.Join(
            '|',
            Labels
                .Where(entry => entry.Key != label)
                .OrderBy(entry => entry.Key, StringComparer.Ordinal)
                .Select(entry => entry.Key + "=" + entry.Value)
        );
}
