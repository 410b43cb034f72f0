using System.Buffers.Binary;
using System.Runtime.InteropServices;

namespace RealtimeSuite.Bench.Sockets;

/// <summary>Which of many sockets have something to read (epoll(7), level-triggered). For one thread.</summary>
internal sealed unsafe partial class Epoll : IDisposable
{
    private const int Add = 1;
    private const int Delete = 2;
    private const int Change = 3;
    private const int Most = 512;

    /// <summary>Something to read, or the end.</summary>
    public const uint Readable = 0x001;

    /// <summary>Room to write: for a socket that connects, that it is connected.</summary>
    public const uint Writable = 0x004;

    // struct epoll_event is packed on x86-64 and nowhere else.
    private static readonly int DataAt = RuntimeInformation.ProcessArchitecture == Architecture.X64 ? 4 : 8;
    private static readonly int Size = DataAt + 8;

    private readonly int _fd = epoll_create1(0);
    private readonly byte[] _ready = new byte[Most * Size];

    /// <summary>Watches a socket; <paramref name="number"/> tells it apart.</summary>
    public void Watch(int fd, int number, uint events) => Control(Add, fd, number, events);

    /// <summary>Watches a socket for something else.</summary>
    public void Rewatch(int fd, int number, uint events) => Control(Change, fd, number, events);

    /// <summary>Watches it no longer.</summary>
    public void Forget(int fd) => Control(Delete, fd, 0, 0);

    /// <summary>Waits at most that long; how many sockets are ready.</summary>
    public int Wait(int milliseconds)
    {
        fixed (byte* ready = _ready)
        {
            return Math.Max(0, epoll_wait(_fd, ready, Most, milliseconds));
        }
    }

    /// <summary>The number of the ready socket at that place.</summary>
    public int NumberAt(int place) => BinaryPrimitives.ReadInt32LittleEndian(_ready.AsSpan((place * Size) + DataAt));

    public void Dispose() => Libc.Close(_fd);

    private void Control(int what, int fd, int number, uint events)
    {
        Span<byte> wish = stackalloc byte[16];
        BinaryPrimitives.WriteUInt32LittleEndian(wish, events);
        BinaryPrimitives.WriteInt32LittleEndian(wish[DataAt..], number);
        fixed (byte* start = wish)
        {
            if (epoll_ctl(_fd, what, fd, start) != 0)
            {
                throw new InvalidOperationException($"epoll_ctl: error {Marshal.GetLastPInvokeError()}.");
            }
        }
    }

    [LibraryImport("libc")]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int what, int fd, byte* wish);

    [LibraryImport("libc")]
    private static partial int epoll_wait(int epoll, byte* ready, int most, int milliseconds);
}
