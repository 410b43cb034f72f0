using System.Text.Json.Nodes;

namespace RealtimeSuite.Deploy.Tests.Kubernetes;

/// <summary>A document of Kubernetes.</summary>
internal sealed record KubernetesObject(JsonNode Document)
{
    /// <summary>For example <c>Deployment</c>.</summary>
    public string Kind => (string)Document["kind"]!;

    /// <summary>Its name.</summary>
    public string Name => (string)Document["metadata"]!["name"]!;

    /// <summary>Its annotations.</summary>
    public IReadOnlyDictionary<string, string> Annotations => Texts(Document["metadata"]!["annotations"]);

    /// <summary>Its <c>spec</c>.</summary>
    public JsonNode Spec => Document["spec"]!;

    /// <summary>What its pods are made from, if it makes any.</summary>
    public JsonNode? Pod => Kind is "Deployment" or "StatefulSet" or "Job" ? Spec["template"] : null;

    /// <summary>The labels of its pods.</summary>
    public IReadOnlyDictionary<string, string> PodLabels => Texts(Pod!["metadata"]!["labels"]);

    /// <summary>The only container of its pods.</summary>
    public JsonNode Container => Pod!["spec"]!["containers"]!.AsArray().Single()!;

    /// <summary>The names of the environment variables that it sets by itself.</summary>
    public IEnumerable<string> EnvironmentNames =>
        Items(Container["env"]).Select(variable => (string)variable["name"]!);

    /// <summary>The value of one of them.</summary>
    public string? Environment(string name) =>
        (string?)Items(Container["env"]).Single(variable => (string)variable["name"]! == name)["value"];

    /// <inheritdoc/>
    public override string ToString() => $"{Kind} {Name}";

    /// <summary>Whether a selector's <c>matchLabels</c> fit; one without labels fits everything.</summary>
    public static bool Fits(JsonNode? selector, IReadOnlyDictionary<string, string> labels) =>
        Texts(selector?["matchLabels"]).All(label => labels.GetValueOrDefault(label.Key) == label.Value);

    /// <summary>A map of texts; an absent one is empty.</summary>
    public static IReadOnlyDictionary<string, string> Texts(JsonNode? map) =>
        (map as JsonObject ?? []).ToDictionary(pair => pair.Key, pair => (string)pair.Value!, StringComparer.Ordinal);

    /// <summary>The items of a list; an absent one is empty.</summary>
    public static IEnumerable<JsonNode> Items(JsonNode? list) => (list as JsonArray ?? []).Select(item => item!);

    /// <summary>Every object below a node, itself included.</summary>
    public static IEnumerable<JsonObject> Below(JsonNode? node) =>
        node switch
        {
            JsonObject map => map.SelectMany(pair => Below(pair.Value)).Prepend(map),
            JsonArray list => list.SelectMany(Below),
            _ => [],
        };
}
