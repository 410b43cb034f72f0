using System.Formats.Tar;
using System.Reflection;
using System.Text.Json.Nodes;
using RealtimeSuite.Deploy.Tests.Kubernetes;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Deploy.Tests;

public sealed class ImageTests
{
    private static readonly string[] Properties =
    [
        "ContainerRepository",
        "ContainerUser",
        "ContainerFamily",
        "ContainerImageTag",
        "ContainerTitle",
        "ContainerLicenseExpression",
        "ContainerRuntimeIdentifiers",
        "InvariantGlobalization",
    ];

    public static TheoryData<string> Services => [.. AspireManifest.Projects.Select(project => project.Name)];

    [Theory]
    [MemberData(nameof(Services))]
    public async Task An_image_of_a_service_is_the_one_that_is_deployed(string name)
    {
        var project = AspireManifest.Projects.Single(project => project.Name == name);
        var (properties, items) = await EvaluateAsync(project.Path);
        var deployment = (await Overlay.RenderAsync("minikube")).Single(document =>
            document.Kind == "Deployment" && document.Name == name
        );

        Assert.Equal(
            $"{(string?)properties["ContainerRepository"]}:{(string?)properties["ContainerImageTag"]}",
            (string?)deployment.Container["image"]
        );
        Assert.Equal(
            (string?)properties["ContainerUser"],
            deployment.Pod!["spec"]!["securityContext"]!["runAsUser"]!.ToString()
        );
        Assert.Equal("noble-chiseled", (string?)properties["ContainerFamily"]);
        // That family has no cultures.
        Assert.Equal("true", (string?)properties["InvariantGlobalization"]);
        Assert.Equal("MIT", (string?)properties["ContainerLicenseExpression"]);
        Assert.Equal($"RealtimeSuite {name}", (string?)properties["ContainerTitle"]);
        Assert.Equal(deployment.Environment("HTTP_PORTS"), Identities(items["ContainerPort"]).Single());
        Assert.Equal(
            deployment.Container["readinessProbe"]!["httpGet"]!["path"]!.ToString(),
            Label(items, "realtime-suite.health.ready")
        );
        Assert.Equal(
            deployment.Container["livenessProbe"]!["httpGet"]!["path"]!.ToString(),
            Label(items, "realtime-suite.health.live")
        );
    }

    [Fact]
    public async Task An_image_may_be_for_both_architectures()
    {
        var (properties, _) = await EvaluateAsync("Api/Api.csproj", "-p:ContainerForAllArchitectures=true");

        Assert.Equal("linux-x64;linux-arm64", (string?)properties["ContainerRuntimeIdentifiers"]);
    }

    [Fact]
    public async Task An_image_is_made_without_a_container_engine_and_runs_as_nobody_in_particular()
    {
        var archive = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.tar");
        await using var registry = new BaseImageRegistry();
        try
        {
            var run = await ProgramRun.RunAsync(
                "dotnet",
                [
                    "publish",
                    "Api/Api.csproj",
                    "--no-build",
                    "--nologo",
                    "-nodeReuse:false",
                    "-t:PublishContainer",
                    $"-p:Configuration={BuildConfiguration}",
                    $"-p:ContainerBaseImage={registry.Image}",
                    $"-p:ContainerArchiveOutputPath={archive}",
                ]
            );
            run.Succeeded();

            var (names, config) = await ReadAsync(archive);
            Assert.Equal("realtime-suite/api:local", (string?)names.Single());
            Assert.Equal("1654", (string?)config["User"]);
            Assert.NotNull(config["ExposedPorts"]!["8080/tcp"]);
            Assert.Equal("/app/Api.dll", (string?)config["Entrypoint"]!.AsArray()[^1]);
            Assert.Equal("MIT", (string?)config["Labels"]!["org.opencontainers.image.licenses"]);
            Assert.Equal("/health", (string?)config["Labels"]!["realtime-suite.health.ready"]);
        }
        finally
        {
            File.Delete(archive);
        }
    }

    [Fact]
    public void The_repository_has_no_Dockerfile()
    {
        Assert.Empty(Directory.GetFiles(RepositoryRoot.Folder, "Dockerfile*"));
        Assert.All(
            AspireManifest.Projects,
            project =>
                Assert.Empty(Directory.GetFiles(Path.GetDirectoryName(RepositoryRoot.At(project.Path))!, "Dockerfile*"))
        );
    }

    private static async Task<(JsonNode Properties, JsonNode Items)> EvaluateAsync(string project, params string[] more)
    {
        var run = await ProgramRun.RunAsync(
            "dotnet",
            [
                "msbuild",
                project,
                $"-getProperty:{string.Join(',', Properties)}",
                "-getItem:ContainerPort,ContainerLabel",
                "-nodeReuse:false",
                .. more,
            ]
        );
        var result = JsonNode.Parse(run.Succeeded())!;
        return (result["Properties"]!, result["Items"]!);
    }

    /// <summary>The names of an archive's only image, and how its containers are set up.</summary>
    private static async Task<(JsonArray Names, JsonNode Config)> ReadAsync(string archive)
    {
        var documents = new Dictionary<string, JsonNode>(StringComparer.Ordinal);
        await using var file = File.OpenRead(archive);
        await using var tar = new TarReader(file);
        while (await tar.GetNextEntryAsync() is { } entry)
        {
            if (entry.Name.EndsWith(".json", StringComparison.Ordinal))
            {
                documents[entry.Name] = (await JsonNode.ParseAsync(entry.DataStream!))!;
            }
        }

        var image = documents["manifest.json"].AsArray().Single()!;
        return (image["RepoTags"]!.AsArray(), documents[(string)image["Config"]!]["config"]!);
    }

    private static string BuildConfiguration =>
        typeof(ImageTests).Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!.Configuration;

    private static IEnumerable<string> Identities(JsonNode? items) =>
        KubernetesObject.Items(items).Select(item => (string)item["Identity"]!);

    private static string? Label(JsonNode items, string name) =>
        (string?)
            KubernetesObject.Items(items["ContainerLabel"]).Single(label => (string)label["Identity"]! == name)[
                "Value"
            ];
}
