namespace Aspire.Hosting.Processes;

internal static class CommandFinder
{
    /// <summary>The program a command means, so that a missing one is one clear sentence rather than an exit code.</summary>
    public static string Find(string command, string workingDirectory)
    {
        if (command.Contains('/', StringComparison.Ordinal))
        {
            var path = Path.GetFullPath(command, workingDirectory);
            return File.Exists(path) ? path : throw Missing(command);
        }

        return (Environment.GetEnvironmentVariable("PATH") ?? "")
                .Split(':', StringSplitOptions.RemoveEmptyEntries)
                .Select(folder => Path.Combine(folder, command))
                .FirstOrDefault(File.Exists)
            ?? throw Missing(command);
    }

    private static DistributedApplicationException Missing(string command) =>
        new($"The command '{command}' does not exist.");
}
