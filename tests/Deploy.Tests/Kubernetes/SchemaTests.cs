using System.Text.Json.Nodes;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Deploy.Tests.Kubernetes;

public sealed class SchemaTests
{
    private static readonly string Folder = RepositoryRoot.At("tests", "Deploy.Tests", "Schemas");

    public static TheoryData<string> Overlays => Overlay.Names;

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_document_is_as_the_schemas_of_Kubernetes_say(string overlay)
    {
        var documents = await Overlay.RenderAsync(overlay);

        Assert.NotEmpty(documents);
        Assert.Empty(await FaultsAsync([.. documents, .. Overlay.ExpectedSecrets(overlay)]));
    }

    [Fact]
    public async Task What_goes_into_a_cluster_beside_the_overlays_is_as_its_schema_says_too()
    {
        var folder = RepositoryRoot.At("deploy", "monitoring", "kubernetes");
        Assert.SkipUnless(Directory.Exists(folder), "Nothing stands beside the overlays.");
        var documents = Directory
            .GetFiles(folder, "*.yaml")
            .SelectMany(file => YamlFile.Read(File.ReadAllText(file)))
            .Select(document => new KubernetesObject(document))
            .ToArray();

        Assert.NotEmpty(documents);
        Assert.Empty(await FaultsAsync(documents));
    }

    [Theory]
    [InlineData("an unknown field", "does not exist in type 'IDeploymentSpec'", """{ "replicaz": 3 }""")]
    [InlineData("a text for a number", "must be integer", """{ "replicas": "3" }""")]
    [InlineData("a missing field", "must have required property containers", """{ "template": { "spec": {} } }""")]
    public async Task A_fault_is_seen(string what, string sentence, string change)
    {
        var spec = JsonNode.Parse(
            """
            {
              "selector": { "matchLabels": { "a": "b" } },
              "template": { "metadata": { "labels": { "a": "b" } }, "spec": { "containers": [{ "name": "a", "image": "a" }] } }
            }
            """
        )!;
        foreach (var (name, value) in JsonNode.Parse(change)!.AsObject())
        {
            spec[name] = value!.DeepClone();
        }

        var deployment = new JsonObject
        {
            ["apiVersion"] = "apps/v1",
            ["kind"] = "Deployment",
            ["metadata"] = new JsonObject { ["name"] = "a" },
            ["spec"] = spec,
        };

        var faults = await FaultsAsync([new KubernetesObject(deployment)]);

        Assert.True(
            faults.Any(fault => fault.Contains(sentence, StringComparison.Ordinal)),
            what + string.Concat(faults)
        );
    }

    [Fact]
    public async Task A_kind_without_a_schema_is_a_fault()
    {
        var document = JsonNode.Parse(
            """{ "apiVersion": "example.com/v1", "kind": "Unknown", "metadata": { "name": "a" } }"""
        )!;

        Assert.NotEmpty(await FaultsAsync([new KubernetesObject(document)]));
    }

    private static async Task<IReadOnlyList<string>> FaultsAsync(IEnumerable<KubernetesObject> documents)
    {
        Assert.SkipUnless(
            Directory.Exists(Path.Combine(Folder, "node_modules")),
            "Needs the schemas: npm ci in tests/Deploy.Tests/Schemas, as eng/test.sh does."
        );
        var input = new JsonArray([
            .. documents.Select(document => new JsonObject
            {
                ["name"] = document.ToString(),
                ["document"] = document.Document.DeepClone(),
            }),
        ]);
        var run = await ProgramRun.RunAsync("node", [Path.Combine(Folder, "validate.mjs")], input.ToJsonString());
        return [.. JsonNode.Parse(run.Succeeded())!.AsArray().Select(fault => (string)fault!)];
    }
}
