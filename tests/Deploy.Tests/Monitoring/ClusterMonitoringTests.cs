using System.Text.Json.Nodes;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Deploy.Tests.Monitoring;

/// <summary>The monitoring as objects of a cluster.</summary>
public sealed class ClusterMonitoringTests
{
    private static readonly string Base = RepositoryRoot.At("deploy", "k8s", "base");

    [Fact]
    public async Task The_objects_hold_the_rules_and_the_dashboard_as_they_are()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "There is no bash.");
        var (code, output) = await Tool.RunAsync("bash", [RepositoryRoot.At("eng", "monitoring.sh")]);
        Assert.True(code == 0, output);
        var objects = YamlFile.Read(output);
        Assert.Equal(
            ["PodMonitor", "PrometheusRule", "PrometheusRule", "ConfigMap"],
            objects.Select(one => (string)one["kind"]!)
        );
        var rules = objects
            .Where(one => (string)one["kind"]! == "PrometheusRule")
            .Select(one => one["spec"]!.ToJsonString())
            .Order(StringComparer.Ordinal);
        var expected = MonitoringFiles
            .Rules.Select(file => YamlFile.Read(File.ReadAllText(file)).Single().ToJsonString())
            .Order(StringComparer.Ordinal);
        Assert.Equal(expected, rules);
        var dashboard = JsonNode.Parse((string)objects[^1]["data"]!["realtimesuite.json"]!);
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(MonitoringFiles.Dashboard.GetRawText()), dashboard));
    }

    [Fact]
    public void The_pods_that_are_scraped_are_those_that_are_deployed()
    {
        var monitor = Objects(Path.Combine(MonitoringFiles.Folder, "kubernetes")).Single();
        var names = monitor["spec"]!["selector"]!["matchExpressions"]![0]!["values"]!
            .AsArray()
            .Select(value => (string)value!);
        var deployed = Objects(Base);
        foreach (var name in names)
        {
            var deployment = deployed.Single(one =>
                (string?)one["kind"] == "Deployment" && (string?)one["metadata"]!["name"] == name
            );
            var template = deployment["spec"]!["template"]!;
            Assert.Equal(name, (string)template["metadata"]!["labels"]!["app.kubernetes.io/name"]!);
            Assert.Contains(
                template["spec"]!["containers"]!.AsArray().SelectMany(container => container!["ports"]!.AsArray()),
                port => (string?)port!["name"] == (string?)monitor["spec"]!["podMetricsEndpoints"]![0]!["port"]
            );
        }

        Assert.Equal(
            (string)deployed.Single(one => (string?)one["kind"] == "Namespace")["metadata"]!["name"]!,
            (string)monitor["spec"]!["namespaceSelector"]!["matchNames"]![0]!
        );
    }

    private static IReadOnlyList<JsonNode> Objects(string folder) =>
        [.. Directory.GetFiles(folder, "*.yaml").SelectMany(file => YamlFile.Read(File.ReadAllText(file)))];
}
