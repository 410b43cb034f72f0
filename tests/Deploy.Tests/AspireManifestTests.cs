using System.Reflection;
using System.Text.Json.Nodes;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Deploy.Tests;

public sealed class AspireManifestTests : IDisposable
{
    // As deep in the repository as deploy/aspire-manifest.json, so that relative paths are the same.
    private readonly string _path = RepositoryRoot.At("artifacts", $"aspire-manifest-{Guid.NewGuid():N}.json");

    [Fact]
    public async Task The_committed_manifest_is_the_one_that_the_AppHost_writes()
    {
        var written = await PublishAsync();

        // After a wanted change: eng/manifest.sh, then read the difference.
        Assert.Equal(AspireManifest.Text, written);
    }

    [Fact]
    public async Task Redis_and_Kafka_are_containers_whatever_the_configuration_says()
    {
        var written = JsonNode.Parse(await PublishAsync("--Backing", "embedded"))!["resources"]!;

        Assert.Equal("container.v0", (string?)written["redis"]!["type"]);
        Assert.Equal("container.v0", (string?)written["kafka"]!["type"]);
    }

    [Fact]
    public void Every_secret_is_a_parameter_and_no_value_stands_in_the_manifest()
    {
        var parameters = AspireManifest
            .Resources.Where(resource => (string?)resource.Value!["type"] == "parameter.v0")
            .ToDictionary(resource => resource.Key, resource => resource.Value!["inputs"]!["value"]!);

        Assert.Equal(["jwt-secret", "redis-password"], parameters.Keys.Order(StringComparer.Ordinal));
        Assert.All(parameters.Values, input => Assert.True((bool?)input["secret"]));
        Assert.All(
            AspireManifest.Projects.SelectMany(project => project.Environment),
            variable => Assert.True(variable.Key != "JWT_SECRET_KEY" || variable.Value == "{jwt-secret.value}")
        );
    }

    [Fact]
    public void Every_hole_names_something_that_the_manifest_has()
    {
        foreach (var hole in AspireManifest.Holes)
        {
            Assert.True(AspireManifest.Resources.ContainsKey(hole.Split('.')[0]), hole);
        }
    }

    public void Dispose() => File.Delete(_path);

    private async Task<string> PublishAsync(params string[] more)
    {
        var run = await ProgramRun.RunAsync(Program, ["--publisher", "manifest", "--output-path", _path, .. more]);
        run.Succeeded();
        return await File.ReadAllTextAsync(_path);
    }

    private static string Program =>
        typeof(AspireManifestTests)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(metadata => metadata.Key == "AppHost")
            .Value!;
}
