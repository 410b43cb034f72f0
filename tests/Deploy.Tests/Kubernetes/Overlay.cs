using System.Collections.Concurrent;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Deploy.Tests.Kubernetes;

/// <summary>What <c>kubectl kustomize</c> makes of an overlay of <c>deploy/k8s</c>. Each is rendered once.</summary>
internal static class Overlay
{
    private static readonly ConcurrentDictionary<string, Lazy<Task<ProgramRun>>> Runs = new(StringComparer.Ordinal);

    /// <summary>The names of all of them.</summary>
    public static TheoryData<string> Names =>
        [
            .. Directory
                .GetDirectories(RepositoryRoot.At("deploy", "k8s", "overlays"))
                .Select(folder => Path.GetFileName(folder)),
        ];

    /// <summary>Its documents.</summary>
    public static async Task<IReadOnlyList<KubernetesObject>> RenderAsync(string name)
    {
        var run = await Runs.GetOrAdd(
            name,
            key => new Lazy<Task<ProgramRun>>(() =>
                ProgramRun.RunAsync("kubectl", ["kustomize", $"deploy/k8s/overlays/{key}"])
            )
        ).Value;
        return [.. YamlFile.Read(run.Succeeded()).Select(document => new KubernetesObject(document))];
    }

    /// <summary>The Secrets that must be there before it is applied, as the examples in its folders describe them.</summary>
    public static IEnumerable<KubernetesObject> ExpectedSecrets(string name) =>
        Folders(RepositoryRoot.At("deploy", "k8s", "overlays", name))
            .Select(folder => Path.Combine(folder, "secrets.example.yaml"))
            .Where(File.Exists)
            .SelectMany(example => YamlFile.Read(File.ReadAllText(example)))
            .Select(document => new KubernetesObject(document));

    /// <summary>Its folder, and those that its kustomization builds on.</summary>
    private static IEnumerable<string> Folders(string folder)
    {
        var kustomization = YamlFile.Read(File.ReadAllText(Path.Combine(folder, "kustomization.yaml"))).Single();
        return KubernetesObject
            .Items(kustomization["resources"])
            .Concat(KubernetesObject.Items(kustomization["components"]))
            .Select(entry => Path.GetFullPath((string)entry!, folder))
            .Where(Directory.Exists)
            .SelectMany(Folders)
            .Prepend(folder);
    }
}
