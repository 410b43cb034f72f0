using System.Reflection;
using Microsoft.Extensions.Configuration.UserSecrets;

namespace Aspire.Hosting.ProjectFiles;

/// <summary>What the build wrote into the AppHost's assembly: its directory, where each referenced project's output lies,
/// and where the dashboard is.</summary>
internal sealed class AppHostMetadata
{
    private const string ProjectPrefix = "aspiresubstitute:project:";
    private readonly Dictionary<string, string> _values = new(StringComparer.OrdinalIgnoreCase);

    public AppHostMetadata(Assembly? assembly)
    {
        foreach (var attribute in assembly?.GetCustomAttributes<AssemblyMetadataAttribute>() ?? [])
        {
            _values[attribute.Key] = attribute.Value ?? "";
        }

        UserSecretsId = assembly?.GetCustomAttribute<UserSecretsIdAttribute>()?.UserSecretsId;
        Configuration = assembly?.GetCustomAttribute<AssemblyConfigurationAttribute>()?.Configuration;
    }

    public string? ProjectDirectory => Value("apphostprojectpath");

    public string? ProjectFile => Value("apphostprojectname");

    public string? DashboardPath => Value("aspiredashboardpath");

    public string? UserSecretsId { get; }

    /// <summary>Debug or Release.</summary>
    public string? Configuration { get; }

    /// <summary>The assembly built from a project, as the build saw it.</summary>
    public string? TargetPathOf(string projectPath) => Value(ProjectPrefix + Path.GetFullPath(projectPath));

    private string? Value(string key) => _values.TryGetValue(key, out var value) && value.Length > 0 ? value : null;
}
