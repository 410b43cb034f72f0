using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Deploy.Tests.Kubernetes;

public sealed partial class DeploymentTests
{
    // What the gateway's host takes after the drain window at most, before it is through (README: DrainWindow).
    private const int AfterDrain = 15;

    public static TheoryData<string> Overlays => Overlay.Names;

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_project_of_the_manifest_is_deployed_with_its_environment_port_and_health_paths(
        string overlay
    )
    {
        var deployments = await DeploymentsAsync(overlay);

        foreach (var project in AspireManifest.Projects)
        {
            var deployment = Assert.Single(deployments, deployment => deployment.Name == project.Name);

            // TLS ends at the ingress: what the manifest says of HTTPS between services is left out.
            var wanted = project.Environment.Where(variable =>
                !variable.Value.Contains(".bindings.https.", StringComparison.Ordinal)
            );
            Assert.Empty(wanted.Select(variable => variable.Key).Except(deployment.EnvironmentNames));
            var port = Assert.Single(KubernetesObject.Items(deployment.Container["ports"]));
            Assert.Equal(deployment.Environment("HTTP_PORTS"), port["containerPort"]!.ToString());
            Assert.Equal(HealthPaths[project.Name], Probe(deployment, "readinessProbe"));
            Assert.Equal("/alive", Probe(deployment, "startupProbe"));
            Assert.Equal("/alive", Probe(deployment, "livenessProbe"));
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Addresses_of_services_name_a_Service_and_its_port(string overlay)
    {
        var documents = await Overlay.RenderAsync(overlay);
        var services = documents.Where(document => document.Kind == "Service").ToArray();

        foreach (var deployment in documents.Where(document => document.Kind == "Deployment"))
        {
            foreach (
                var name in deployment.EnvironmentNames.Where(name =>
                    name.StartsWith("services__", StringComparison.Ordinal)
                )
            )
            {
                var address = new Uri(deployment.Environment(name)!);
                var service = Assert.Single(services, service => service.Name == address.Host);
                Assert.Equal(name.Split("__")[1], service.Name);
                Assert.Contains(
                    KubernetesObject.Items(service.Spec["ports"]),
                    port => (int)port["port"]! == address.Port
                );
            }
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_key_of_a_Secret_or_ConfigMap_that_is_referred_to_exists(string overlay)
    {
        var documents = await Overlay.RenderAsync(overlay);
        var kept = documents
            .Concat(Overlay.ExpectedSecrets(overlay))
            .Where(document => document.Kind is "Secret" or "ConfigMap")
            .ToDictionary(
                document => document.Name,
                document =>
                    KubernetesObject
                        .Texts(document.Document["data"] ?? document.Document["stringData"])
                        .Keys.ToHashSet(StringComparer.Ordinal),
                StringComparer.Ordinal
            );

        var references = documents.SelectMany(document => References(document.Document)).ToArray();

        Assert.NotEmpty(references);
        Assert.All(
            references,
            reference =>
            {
                Assert.True(kept.ContainsKey(reference.Name), reference.ToString());
                Assert.True(
                    reference.Key is null || kept[reference.Name].Contains(reference.Key),
                    reference.ToString()
                );
            }
        );
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Pods_may_little_and_say_what_they_need(string overlay)
    {
        foreach (var workload in (await Overlay.RenderAsync(overlay)).Where(document => document.Pod is not null))
        {
            var pod = workload.Pod!["spec"]!;
            Assert.False((bool)pod["automountServiceAccountToken"]!, workload.Name);
            Assert.Equal(workload.Name, (string?)pod["serviceAccountName"]);
            Assert.True((bool)pod["securityContext"]!["runAsNonRoot"]!, workload.Name);
            var container = workload.Container;
            Assert.False((bool)container["securityContext"]!["allowPrivilegeEscalation"]!, workload.Name);
            Assert.Equal("ALL", (string?)container["securityContext"]!["capabilities"]!["drop"]![0]);
            Assert.NotNull(container["resources"]!["requests"]!["cpu"]);
            Assert.NotNull(container["resources"]!["requests"]!["memory"]);
            Assert.NotNull(container["resources"]!["limits"]!["memory"]);
            Assert.False(((string)container["image"]!).EndsWith(":latest", StringComparison.Ordinal), workload.Name);
            Assert.Contains(':', ((string)container["image"]!).Split('/')[^1]);

            // Kafka's image writes its configuration beside its programs.
            Assert.Equal(workload.Name != "kafka", (bool)container["securityContext"]!["readOnlyRootFilesystem"]!);
        }
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task A_rollout_takes_no_pod_away_before_another_is_ready_and_lets_the_gateway_drain(string overlay)
    {
        var documents = await Overlay.RenderAsync(overlay);
        foreach (var project in AspireManifest.Projects)
        {
            var deployment = documents.Single(document =>
                document.Kind == "Deployment" && document.Name == project.Name
            );
            Assert.Equal(0, (int)deployment.Spec["strategy"]!["rollingUpdate"]!["maxUnavailable"]!);
            Assert.Contains(
                documents,
                document => document.Kind == "PodDisruptionBudget" && document.Name == project.Name
            );
            Assert.Equal(2, deployment.Pod!["spec"]!["topologySpreadConstraints"]!.AsArray().Count);
        }

        var gateway = documents.Single(document => document.Kind == "Deployment" && document.Name == "gateway");
        var asleep = (int)gateway.Container["lifecycle"]!["preStop"]!["sleep"]!["seconds"]!;
        Assert.True(asleep > 0);
        Assert.True((int)gateway.Pod!["spec"]!["terminationGracePeriodSeconds"]! >= asleep + DrainWindow + AfterDrain);
    }

    [Fact]
    public async Task In_production_there_are_three_gateways_or_more_and_connections_count_as_load()
    {
        var scaler = (await Overlay.RenderAsync("production")).Single(document =>
            document is { Kind: "HorizontalPodAutoscaler", Name: "gateway" }
        );

        Assert.Equal(3, (int)scaler.Spec["minReplicas"]!);
        Assert.Equal("cpu", (string?)scaler.Spec["metrics"]![0]!["resource"]!["name"]);
        Assert.Equal("websocket_active_connections", (string?)scaler.Spec["metrics"]![1]!["pods"]!["metric"]!["name"]);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Everything_that_selects_pods_finds_some(string overlay)
    {
        var documents = await Overlay.RenderAsync(overlay);
        var pods = documents
            .Where(document => document.Pod is not null)
            .Select(document => document.PodLabels)
            .ToArray();

        foreach (var document in documents.Where(document => document.Name != "acme-challenge"))
        {
            var selector = document.Kind switch
            {
                "Service" => new JsonObject { ["matchLabels"] = document.Spec["selector"]!.DeepClone() },
                "PodDisruptionBudget" => document.Spec["selector"],
                "NetworkPolicy" => document.Spec["podSelector"],
                _ => null,
            };
            Assert.True(
                selector is null || pods.Any(labels => KubernetesObject.Fits(selector, labels)),
                document.ToString()
            );
            if (document.Kind == "HorizontalPodAutoscaler")
            {
                var target = (string?)document.Spec["scaleTargetRef"]!["name"];
                Assert.Contains(documents, other => other.Kind == "Deployment" && other.Name == target);
            }
        }
    }

    private static async Task<IReadOnlyList<KubernetesObject>> DeploymentsAsync(string overlay) =>
        [.. (await Overlay.RenderAsync(overlay)).Where(document => document.Kind == "Deployment")];

    private static string? Probe(KubernetesObject deployment, string name)
    {
        var request = deployment.Container[name]!["httpGet"]!;
        Assert.Equal("http", (string?)request["port"]);
        return (string?)request["path"];
    }

    private static IEnumerable<(string Name, string? Key)> References(JsonNode document)
    {
        foreach (var place in KubernetesObject.Below(document))
        {
            foreach (var (name, value) in place)
            {
                var optional = (bool?)(value as JsonObject)?["optional"] ?? false;
                if (optional)
                {
                    continue;
                }

                if (name is "secretKeyRef" or "configMapKeyRef")
                {
                    yield return ((string)value!["name"]!, (string)value["key"]!);
                }
                else if (name is "secretRef" or "configMapRef" || (name == "configMap" && value is JsonObject))
                {
                    yield return ((string)value!["name"]!, null);
                }
                else if (name == "secret" && value is JsonObject secret)
                {
                    yield return ((string)secret["secretName"]!, null);
                }
            }
        }
    }

    /// <summary>By project: the path of its <c>WithHttpHealthCheck</c> in the AppHost, which manifests do not carry.</summary>
    private static Dictionary<string, string> HealthPaths { get; } =
        HealthCheck()
            .Matches(File.ReadAllText(RepositoryRoot.At("AppHost", "AppHost.cs")))
            .ToDictionary(
                match => match.Groups["name"].Value,
                match => match.Groups["path"].Value,
                StringComparer.Ordinal
            );

    private static int DrainWindow { get; } =
        int.Parse(
            DefaultDrainWindow()
                .Match(File.ReadAllText(RepositoryRoot.At("WebSocketService", "Continuity", "ContinuityOptions.cs")))
                .Groups["seconds"]
                .Value,
            CultureInfo.InvariantCulture
        );

    [GeneratedRegex(
        """\.AddProject<[\w.]+>\("(?<name>[\w-]+)"\)[^;]*?\.WithHttpHealthCheck\("(?<path>[^"]+)"\)""",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex HealthCheck();

    [GeneratedRegex(
        @"DrainWindow \{ get; set; \} = TimeSpan\.FromSeconds\((?<seconds>\d+)\)",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex DefaultDrainWindow();
}
