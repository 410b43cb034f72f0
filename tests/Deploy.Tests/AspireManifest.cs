using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Deploy.Tests;

/// <summary>The committed manifest of the application model, <c>deploy/aspire-manifest.json</c>.</summary>
internal static partial class AspireManifest
{
    /// <summary>As it is in the repository.</summary>
    public static string Text { get; } = File.ReadAllText(RepositoryRoot.At("deploy", "aspire-manifest.json"));

    /// <summary>Its resources by name.</summary>
    public static JsonObject Resources { get; } = JsonNode.Parse(Text)!["resources"]!.AsObject();

    /// <summary>Its projects.</summary>
    public static IReadOnlyList<Project> Projects { get; } =
    [
        .. Resources
            .Where(resource => (string?)resource.Value!["type"] == "project.v0")
            .Select(resource => new Project(
                resource.Key,
                ((string)resource.Value!["path"]!)["../".Length..],
                resource.Value!["env"]!
                    .AsObject()
                    .ToDictionary(variable => variable.Key, variable => (string)variable.Value!, StringComparer.Ordinal)
            )),
    ];

    /// <summary>What stands between braces, for example <c>redis.bindings.tcp.host</c>.</summary>
    public static IEnumerable<string> Holes => Hole().Matches(Text).Select(match => match.Value);

    [GeneratedRegex(
        @"(?<=\{)[a-z][a-z0-9-]*(\.\w+)+(?=\})",
        RegexOptions.ExplicitCapture | RegexOptions.CultureInvariant | RegexOptions.IgnoreCase,
        matchTimeoutMilliseconds: 1000
    )]
    private static partial Regex Hole();

    /// <summary>A service, where its project is in the repository, and the environment that it is given.</summary>
    internal sealed record Project(string Name, string Path, IReadOnlyDictionary<string, string> Environment);
}
