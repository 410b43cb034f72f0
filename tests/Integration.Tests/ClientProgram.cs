using System.ComponentModel;
using System.Diagnostics;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>Programs in other languages that the tests start.</summary>
internal static class ClientProgram
{
    /// <summary>The root of the repository.</summary>
    public static string Repository => RepositoryRoot.Folder;

    /// <summary>How to start one; Node finds the packages that <c>eng/test.sh</c> brings.</summary>
    public static ProcessStartInfo Command(string program, params string[] arguments)
    {
        var command = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        command.Environment["NODE_PATH"] = Path.Combine(Repository, "artifacts", "clients", "node_modules");
        return command;
    }

    /// <summary>Tells a program where the suite is.</summary>
    public static void Tell(ProcessStartInfo command, Suite suite)
    {
        using var api = suite.Api();
        command.Environment["API_URL"] = api.BaseAddress!.ToString().TrimEnd('/');
        command.Environment["GATEWAY_URL"] = suite.SocketAddress("").ToString().TrimEnd('/');
    }

    /// <summary>Skips the test where the program, or what the probe asks of it, is missing.</summary>
    public static async Task SkipWithoutAsync(string what, string program, params string[] probe)
    {
        try
        {
            using var process = Process.Start(Command(program, probe))!;
            await process.WaitForExitAsync();
            Assert.SkipUnless(process.ExitCode == 0, $"Needs {what}.");
        }
        catch (Win32Exception)
        {
            Assert.Skip($"Needs {what}.");
        }
    }
}
