using RealtimeSuite.Testing;

namespace RealtimeSuite.Deploy.Tests.Monitoring;

/// <summary>The alert rules by themselves.</summary>
public sealed class AlertRuleTests
{
    private static readonly string Cases = Path.Combine(MonitoringFiles.Folder, "tests", "alerts.yml");

    [Fact]
    public async Task Promtool_finds_the_rules_and_the_settings_right()
    {
        Assert.SkipUnless(PrometheusServer.IsInstalled, "prometheus is not installed.");
        var settings = Path.Combine(MonitoringFiles.Folder, "prometheus.yml");
        var (code, output) = await Tool.RunAsync("promtool", ["check", "config", settings]);
        Assert.True(code == 0, output);
        (code, output) = await Tool.RunAsync("promtool", ["check", "rules", .. MonitoringFiles.Rules]);
        Assert.True(code == 0, output);
    }

    [Fact]
    public async Task Every_alert_fires_when_it_should_and_is_quiet_when_it_should()
    {
        Assert.SkipUnless(PrometheusServer.IsInstalled, "prometheus is not installed.");
        var (code, output) = await Tool.RunAsync("promtool", ["test", "rules", Cases]);
        Assert.True(code == 0, output);
    }

    [Fact]
    public void Every_alert_has_a_firing_and_a_quiet_case()
    {
        var cases = YamlFile.Read(File.ReadAllText(Cases)).Single()["tests"]!
            .AsArray()
            .Select(test => (string)test!["name"]!)
            .Order(StringComparer.Ordinal);
        var expected = AlertNames().SelectMany(alert => new[] { alert + " fires", alert + " is quiet" });
        Assert.Equal(expected.Order(StringComparer.Ordinal), cases);
    }

    [Fact]
    public void Every_alert_says_how_bad_it_is_and_has_its_section_in_the_runbook_and_none_is_left_over()
    {
        foreach (var alert in MonitoringFiles.Alerts)
        {
            var name = (string)alert["alert"]!;
            Assert.Contains((string)alert["labels"]!["severity"]!, new[] { "warning", "critical" });
            Assert.Equal($"docs/runbook.md#{name.ToLowerInvariant()}", (string)alert["annotations"]!["runbook_url"]!);
        }

        var sections = File.ReadLines(RepositoryRoot.At("docs", "runbook.md"))
            .Where(line => line.StartsWith("## ", StringComparison.Ordinal))
            .Select(line => line[3..]);
        Assert.Equal(AlertNames(), sections);
    }

    private static IEnumerable<string> AlertNames() => MonitoringFiles.Alerts.Select(alert => (string)alert["alert"]!);
}
