using System.Diagnostics;

namespace RealtimeSuite.Deploy.Tests;

/// <summary>Runs a command to its end.</summary>
internal static class Tool
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    /// <summary>Its exit code, and everything that it said.</summary>
    public static async Task<(int Code, string Output)> RunAsync(string program, params IEnumerable<string> arguments)
    {
        var command = new ProcessStartInfo(program, arguments)
        {
            UseShellExecute = false,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(command)!;
        using var deadline = new CancellationTokenSource(Patience);
        var texts = await Task.WhenAll(
            process.StandardOutput.ReadToEndAsync(deadline.Token),
            process.StandardError.ReadToEndAsync(deadline.Token)
        );
        await process.WaitForExitAsync(deadline.Token);
        return (process.ExitCode, string.Concat(texts));
    }
}
