using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Deploy.Tests.Monitoring;

/// <summary>An expression of a rule or a panel, and the names in it.</summary>
/// <param name="Where">The rule or panel.</param>
/// <param name="Text">In the language of Prometheus.</param>
/// <param name="Shown">Labels that a legend or a text shows of its result.</param>
internal sealed partial record MonitoringExpression(string Where, string Text, IReadOnlyList<string> Shown)
{
    private const int TimeoutMilliseconds = 1000;

    /// <summary>The series that it reads: those of the services, and those that rules record.</summary>
    public IEnumerable<string> Metrics =>
        Metric()
            .Matches(Grouping().Replace(Matchers().Replace(Text, ""), ""))
            .Select(match => match.Value)
            .Distinct(StringComparer.Ordinal);

    /// <summary>The labels that it selects or groups by.</summary>
    public IEnumerable<string> Labels =>
        Matchers()
            .Matches(Text)
            .SelectMany(match => match.Groups["label"].Captures.Select(label => label.Value))
            .Concat(
                Grouping()
                    .Matches(Text)
                    .SelectMany(match => match.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries))
            )
            .Where(label => label.Length > 0)
            .Distinct(StringComparer.Ordinal);

    [GeneratedRegex(
        @"(?<![\w:])(up|(websocket|lms|realtime|http|dotnet)[_:][\w:]+)(?![\w:])",
        RegexOptions.ExplicitCapture,
        TimeoutMilliseconds
    )]
    private static partial Regex Metric();

    [GeneratedRegex(
        @"\{(\s*(?<label>\w+)\s*(=~|!~|!=|=)\s*""[^""]*""\s*,?)*\}",
        RegexOptions.ExplicitCapture,
        TimeoutMilliseconds
    )]
    private static partial Regex Matchers();

    [GeneratedRegex(
        @"\b(by|without|on|ignoring)\s*\((?<labels>[^)]*)\)",
        RegexOptions.ExplicitCapture,
        TimeoutMilliseconds
    )]
    private static partial Regex Grouping();
}

/// <summary>What stands in <c>deploy/monitoring</c>.</summary>
internal static partial class MonitoringFiles
{
    private const int TimeoutMilliseconds = 1000;

    public static string Folder { get; } = RepositoryRoot.At("deploy", "monitoring");

    public static string[] Rules => Directory.GetFiles(Path.Combine(Folder, "rules"), "*.yml");

    public static JsonElement Dashboard =>
        JsonElement.Parse(File.ReadAllText(Path.Combine(Folder, "grafana", "realtimesuite.json")));

    /// <summary>Every alert as it is written.</summary>
    public static IReadOnlyList<JsonNode> Alerts => [.. AllRules().Where(rule => rule["alert"] is not null)];

    /// <summary>Every expression of a rule.</summary>
    public static IReadOnlyList<MonitoringExpression> RuleExpressions =>
        [
            .. AllRules()
                .Select(rule => new MonitoringExpression(
                    (string)(rule["alert"] ?? rule["record"])!,
                    (string)rule["expr"]!,
                    [.. AnnotationLabel().Matches(rule.ToJsonString()).Select(match => match.Groups["label"].Value)]
                )),
        ];

    /// <summary>Every expression of a panel, with five minutes for the interval that Grafana chooses.</summary>
    public static IReadOnlyList<MonitoringExpression> PanelExpressions =>
        [
            .. Dashboard
                .GetProperty("panels")
                .EnumerateArray()
                .Where(panel => panel.TryGetProperty("targets", out _))
                .SelectMany(panel =>
                    panel
                        .GetProperty("targets")
                        .EnumerateArray()
                        .Select(target => new MonitoringExpression(
                            panel.GetProperty("title").GetString()!,
                            target.GetProperty("expr").GetString()!.Replace("$__rate_interval", "5m"),
                            [
                                .. LegendLabel()
                                    .Matches(target.GetProperty("legendFormat").GetString()!)
                                    .Select(match => match.Groups["label"].Value),
                            ]
                        ))
                ),
        ];

    private static IEnumerable<JsonNode> AllRules() =>
        Rules
            .SelectMany(file => YamlFile.Read(File.ReadAllText(file)))
            .SelectMany(document => document["groups"]!.AsArray())
            .SelectMany(group => group!["rules"]!.AsArray())
            .OfType<JsonNode>();

    [GeneratedRegex(@"\{\{\s*\$labels\.(?<label>\w+)\s*\}\}", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex AnnotationLabel();

    [GeneratedRegex(@"\{\{\s*(?<label>\w+)\s*\}\}", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex LegendLabel();
}
