using System.Diagnostics;
using System.Runtime.InteropServices;

namespace Aspire.Hosting.ProjectFiles;

/// <summary>Finds what to execute for a project: its built executable, or <c>dotnet</c> and its assembly.</summary>
internal sealed class ProjectOutputs(AppHostMetadata metadata)
{
    /// <summary>The root of the runtime this host uses, so that children find the same one wherever it lies.</summary>
    public static string DotnetRoot { get; } =
        Path.GetFullPath(Path.Combine(RuntimeEnvironment.GetRuntimeDirectory(), "..", "..", ".."));

    public async Task<(string Command, string[] Arguments)> FindAsync(
        string projectPath,
        CancellationToken cancellationToken
    )
    {
        var assembly =
            metadata.TargetPathOf(projectPath)
            ?? await AskMSBuildAsync(projectPath, cancellationToken).ConfigureAwait(false);
        if (!File.Exists(assembly))
        {
            throw new DistributedApplicationException(
                $"The project '{projectPath}' is not built: there is no '{assembly}'."
            );
        }

        var executable = Path.ChangeExtension(assembly, OperatingSystem.IsWindows() ? ".exe" : null);
        return File.Exists(executable) ? (executable, []) : (Path.Combine(DotnetRoot, "dotnet"), ["exec", assembly]);
    }

    /// <summary>Only for projects added by path, which the AppHost's build knows nothing of.</summary>
    private async Task<string> AskMSBuildAsync(string projectPath, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(Path.Combine(DotnetRoot, "dotnet"))
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            ArgumentList =
            {
                "msbuild",
                projectPath,
                "-getProperty:TargetPath",
                "-nodeReuse:false",
                $"-property:Configuration={metadata.Configuration ?? "Debug"}",
            },
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken).ConfigureAwait(false);
        return process.ExitCode == 0
            ? (await output.ConfigureAwait(false)).Trim()
            : throw new DistributedApplicationException(
                $"MSBuild does not tell the output of '{projectPath}': {(await output.ConfigureAwait(false)).Trim()} {(await error.ConfigureAwait(false)).Trim()}"
            );
    }
}
