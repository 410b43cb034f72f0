using System.Runtime.InteropServices;

namespace RealtimeSuite.Bench.Sockets;

/// <summary>
/// The calls of the C library that the load program makes itself: a thousand sockets on one thread cost it one call a delivery or less,
/// where each of .NET's sockets would take turns on the thread pool that the server under load needs. Linux only.
/// </summary>
internal static unsafe partial class Libc
{
    public const int DontWait = 0x40;
    public const int NoSignal = 0x4000;
    public const int TryAgain = 11;
    public const int Interrupted = 4;
    public const int InProgress = 115;
    public const int NoDelay = 1;
    public const int ReceiveBuffer = 8;
    public const int SocketLevel = 1;
    public const int TcpLevel = 6;

    private const int Inet = 2;
    private const int Stream = 1;
    private const int NonBlocking = 0x800;
    private const int CloseOnExec = 0x80000;
    private const int Monotonic = 1;
    private const int OpenFiles = 7;

    /// <summary>A TCP socket that never waits.</summary>
    public static int NewSocket() => socket(Inet, Stream | NonBlocking | CloseOnExec, 0);

    /// <summary>Begins to connect to a loopback port; 0, or -1 with <see cref="InProgress"/>.</summary>
    public static int Connect(int fd, int port)
    {
        // struct sockaddr_in: family in the machine's order, port and address in the network's.
        ReadOnlySpan<byte> address = [Inet, 0, (byte)(port >> 8), (byte)port, 127, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0];
        fixed (byte* start = address)
        {
            return connect(fd, start, address.Length);
        }
    }

    /// <summary>Sends what the kernel takes now; how much, or -1.</summary>
    public static int Send(int fd, ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            return (int)send(fd, start, bytes.Length, DontWait | NoSignal);
        }
    }

    /// <summary>Receives what is there; 0 at the end, -1 with <see cref="TryAgain"/> when there is nothing.</summary>
    public static int Receive(int fd, Span<byte> room)
    {
        fixed (byte* start = room)
        {
            return (int)recv(fd, start, room.Length, DontWait);
        }
    }

    /// <summary>Sets an option that is a number.</summary>
    public static void SetOption(int fd, int level, int option, int value) =>
        _ = setsockopt(fd, level, option, &value, sizeof(int));

    /// <summary>Closes a file or socket.</summary>
    public static void Close(int fd) => _ = close(fd);

    /// <summary>Waits until a moment of <see cref="System.Diagnostics.Stopwatch"/>, in nanoseconds; some tens of microseconds more.</summary>
    public static void SleepUntil(long nanoseconds)
    {
        var (seconds, rest) = Math.DivRem(nanoseconds, 1_000_000_000);
        var moment = stackalloc long[] { seconds, rest };
        const int Absolute = 1;
        _ = clock_nanosleep(Monotonic, Absolute, moment, null);
    }

    /// <summary>Raises the number of files that this process and those it starts may have open, up to what the system allows it.</summary>
    /// <returns>The number now.</returns>
    public static long RaiseOpenFiles(long wanted)
    {
        var limit = stackalloc ulong[2];
        if (getrlimit(OpenFiles, limit) != 0)
        {
            return 0;
        }

        if (limit[0] < (ulong)wanted)
        {
            var raised = stackalloc ulong[] { (ulong)wanted, Math.Max(limit[1], (ulong)wanted) };
            var most = stackalloc ulong[] { limit[1], limit[1] };
            _ = setrlimit(OpenFiles, raised) != 0 && setrlimit(OpenFiles, most) != 0;
            _ = getrlimit(OpenFiles, limit);
        }

        return (long)Math.Min(limit[0], int.MaxValue);
    }

    [LibraryImport("libc")]
    private static partial int socket(int domain, int type, int protocol);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int connect(int fd, byte* address, int length);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint send(int fd, byte* bytes, nint length, int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial nint recv(int fd, byte* bytes, nint length, int flags);

    [LibraryImport("libc")]
    private static partial int setsockopt(int fd, int level, int option, int* value, int length);

    [LibraryImport("libc")]
    private static partial int close(int fd);

    [LibraryImport("libc")]
    private static partial int clock_nanosleep(int clock, int flags, long* moment, long* left);

    [LibraryImport("libc")]
    private static partial int getrlimit(int resource, ulong* limit);

    [LibraryImport("libc")]
    private static partial int setrlimit(int resource, ulong* limit);
}
