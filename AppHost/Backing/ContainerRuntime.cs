using System.ComponentModel;
using System.Diagnostics;

namespace RealtimeSuite.AppHost.Backing;

/// <summary>Asks whether containers can run on this machine.</summary>
internal static class ContainerRuntime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>True when the engine of Docker or Podman answers, not only its client.</summary>
    public static bool Answers() => Answers("docker") || Answers("podman");

    private static bool Answers(string command)
    {
        try
        {
            using var process = Process.Start(
                new ProcessStartInfo(command, "ps --quiet")
                {
                    UseShellExecute = false,
                    RedirectStandardOutput = true,
                    RedirectStandardError = true,
                }
            );
            if (process is null)
            {
                return false;
            }

            if (process.WaitForExit(Patience))
            {
                return process.ExitCode == 0;
            }

            process.Kill(entireProcessTree: true);
            return false;
        }
        catch (Win32Exception)
        {
            return false;
        }
    }
}
