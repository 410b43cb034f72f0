using System.Reflection;
using Aspire.Hosting.Orchestration;
using Aspire.Hosting.Parameters;
using Aspire.Hosting.ProjectFiles;
using Microsoft.Extensions.Configuration;

namespace Aspire.Hosting.Testing;

/// <summary>What differs under a test. All of it lies below the arguments, which may set it back.</summary>
internal static class TestDefaults
{
    public static void Apply(
        DistributedApplicationOptions options,
        HostApplicationBuilderSettings settings,
        Assembly? appHost
    )
    {
        options.UnderTest = true;
        options.DisableDashboard = true;
        options.AllowUnsecuredTransport = true;
        var values = new Dictionary<string, string?>
        {
            [EndpointAllocator.RandomizePortsKey] = "true",
            [UserSecrets.DisabledKey] = "true",
        };
        AddLaunchProfile(values, new AppHostMetadata(appHost).ProjectDirectory);
        settings.EnvironmentName ??=
            values.GetValueOrDefault("DOTNET_ENVIRONMENT")
            ?? Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
            ?? Environments.Development;
        settings.Configuration ??= new ConfigurationManager();
        settings.Configuration.AddInMemoryCollection(values);
    }

    // As "dotnet run" would; but addresses are left out, since each application under test has its own.
    private static void AddLaunchProfile(Dictionary<string, string?> values, string? projectDirectory)
    {
        if (projectDirectory is null || LaunchSettings.Read(projectDirectory) is not { } settings)
        {
            return;
        }

        var (name, profile) = settings.Profiles.FirstOrDefault(p => p.Value.CommandName == "Project");
        if (profile is null)
        {
            return;
        }

        values["AppHost:DefaultLaunchProfileName"] = name;
        foreach (var (key, value) in profile.EnvironmentVariables)
        {
            if (!key.EndsWith("_URL", StringComparison.Ordinal) && !key.EndsWith("_URLS", StringComparison.Ordinal))
            {
                values[key.Replace("__", ":", StringComparison.Ordinal)] = value;
            }
        }
    }
}
