using System.ComponentModel;
using System.Diagnostics;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Deploy.Tests;

/// <summary>A program that has run to its end, in the repository's folder.</summary>
internal sealed record ProgramRun(int ExitCode, string Output, string Error)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    /// <summary>Runs a program; one that is not on this machine skips the test.</summary>
    public static async Task<ProgramRun> RunAsync(string program, IEnumerable<string> arguments, string? input = null)
    {
        using var deadline = new CancellationTokenSource(Patience);
        using var process = Start(program, arguments);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(deadline.Token);
            var error = process.StandardError.ReadToEndAsync(deadline.Token);
            await process.StandardInput.WriteAsync((input ?? "").AsMemory(), deadline.Token);
            process.StandardInput.Close();
            await process.WaitForExitAsync(deadline.Token);
            return new ProgramRun(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }

    /// <summary>What it printed; it must have ended well.</summary>
    public string Succeeded()
    {
        Assert.True(ExitCode == 0, Error + Output);
        return Output;
    }

    private static Process Start(string program, IEnumerable<string> arguments)
    {
        try
        {
            return Process.Start(
                new ProcessStartInfo(program, arguments)
                {
                    WorkingDirectory = RepositoryRoot.Folder,
                    UseShellExecute = false,
                    RedirectStandardInput = true,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            )!;
        }
        catch (Win32Exception)
        {
            Assert.Skip($"Needs {program}.");
            throw;
        }
    }
}
