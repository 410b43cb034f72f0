using System.Text.Json.Nodes;

namespace RealtimeSuite.Deploy.Tests.Kubernetes;

public sealed class NetworkTests
{
    private static readonly Peer Ingress = new(
        "ingress-nginx",
        "ingress-nginx",
        Labels("app.kubernetes.io/name", "ingress-nginx")
    );
    private static readonly Peer Monitoring = new("monitoring", "monitoring", Labels("app", "prometheus"));
    private static readonly Peer Stranger = new("stranger", "default", Labels("app", "stranger"));
    private static readonly string[] Data = ["redis", "kafka"];

    [Fact]
    public async Task Those_who_must_talk_may_and_nobody_else()
    {
        var documents = await Overlay.RenderAsync("minikube");
        var policies = documents.Where(document => document.Kind == "NetworkPolicy").ToArray();
        Peer[] pods =
        [
            .. documents
                .Where(document => document.Pod is not null)
                .Select(document => new Peer(document.Name, "realtime-suite", document.PodLabels)),
        ];
        var services = AspireManifest.Projects.Select(project => project.Name).ToArray();
        var withData = AspireManifest
            .Projects.Where(project => project.Environment.ContainsKey("ConnectionStrings__redis"))
            .Select(project => project.Name);

        var open =
            from target in pods
            from source in pods.Append(Ingress).Append(Monitoring).Append(Stranger)
            where source != target
            where Allows(policies, target, "Ingress", "from", source)
            where source.Namespace != "realtime-suite" || Allows(policies, source, "Egress", "to", target)
            select $"{source.Name} > {target.Name}";

        string[] wanted =
        [
            .. services.Select(service => $"ingress-nginx > {service}"),
            // Web has no metrics of its own to read.
            .. services.Where(service => service != "web").Select(service => $"monitoring > {service}"),
            .. withData.SelectMany(service => Data.Select(server => $"{service} > {server}")),
            .. services.Contains("web") ? services.Where(name => name != "web").Select(name => $"web > {name}") : [],
            "kafka-topics > kafka",
        ];
        Assert.Equal(wanted.Order(StringComparer.Ordinal), open.Order(StringComparer.Ordinal));
        Assert.DoesNotContain(pods, pod => Allows(policies, pod, "Egress", "to", Stranger));
    }

    [Fact]
    public async Task In_production_the_services_reach_the_networks_of_Redis_and_Kafka_and_nothing_else_outside()
    {
        var blocks = (await Overlay.RenderAsync("production"))
            .Where(document => document.Kind == "NetworkPolicy")
            .SelectMany(policy => KubernetesObject.Items(policy.Spec["egress"]))
            .SelectMany(rule => KubernetesObject.Items(rule["to"]))
            .Select(peer => peer["ipBlock"])
            .OfType<JsonNode>()
            .Select(block => (string)block["cidr"]!)
            .ToArray();

        Assert.Equal(2, blocks.Length);
        Assert.DoesNotContain("0.0.0.0/0", blocks);
    }

    /// <summary>As Kubernetes decides: a pod that some policy selects for a direction may only what one of these allows.</summary>
    private static bool Allows(KubernetesObject[] policies, Peer pod, string direction, string end, Peer other)
    {
        var those = policies
            .Where(policy => KubernetesObject.Fits(policy.Spec["podSelector"], pod.Labels))
            .Where(policy => policy.Spec["policyTypes"]!.AsArray().Any(type => (string?)type == direction))
            .ToArray();
        return those.Length == 0
            || those
                .SelectMany(policy => KubernetesObject.Items(policy.Spec[direction.ToLowerInvariant()]))
                .Any(rule => rule[end] is null || KubernetesObject.Items(rule[end]).Any(peer => IsPeer(peer, other)));
    }

    private static bool IsPeer(JsonNode peer, Peer other) =>
        peer["ipBlock"] is null
        && KubernetesObject.Fits(peer["podSelector"], other.Labels)
        && (
            peer["namespaceSelector"] is { } space
                ? KubernetesObject.Fits(space, Labels("kubernetes.io/metadata.name", other.Namespace))
                : other.Namespace == "realtime-suite"
        );

    private static Dictionary<string, string> Labels(string name, string value) =>
        new(StringComparer.Ordinal) { [name] = value };

    private sealed record Peer(string Name, string Namespace, IReadOnlyDictionary<string, string> Labels);
}
