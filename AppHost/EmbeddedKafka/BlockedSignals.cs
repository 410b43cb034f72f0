using System.Runtime.InteropServices;

namespace RealtimeSuite.EmbeddedKafka;

/// <summary>
/// While it lasts, no signal is handled on this thread, nor ever on a thread that native code starts here: a thread inherits what is
/// blocked. Not on Windows, which has no signals.
/// </summary>
internal sealed partial class BlockedSignals : IDisposable
{
    private const string Library = "libc";

    // As large as a sigset_t is anywhere.
    private const int SetBytes = 128;

    private static readonly int Replace = OperatingSystem.IsLinux() ? 2 : 3;

    private readonly byte[] _before = new byte[SetBytes];

    public BlockedSignals()
    {
        if (!OperatingSystem.IsWindows())
        {
            var all = new byte[SetBytes];
            _ = sigfillset(all);
            _ = pthread_sigmask(Replace, all, _before);
        }
    }

    public void Dispose()
    {
        if (!OperatingSystem.IsWindows())
        {
            _ = pthread_sigmask(Replace, _before, new byte[SetBytes]);
        }
    }

    [LibraryImport(Library)]
    private static partial int sigfillset([Out] byte[] set);

    [LibraryImport(Library)]
    private static partial int pthread_sigmask(int how, byte[] set, [Out] byte[] before);
}
