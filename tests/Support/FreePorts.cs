using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;

namespace RealtimeSuite.Testing;

/// <summary>
/// Ports that are free now and that nobody else is about to take: below the range from which the system takes ports for outgoing
/// connections, outside that from which the AppHost takes those of its resources, and none of them twice in a process.
/// </summary>
public static class FreePorts
{
    private const int Lowest = 10_000;
    private const int Highest = 19_999;

    private static readonly ConcurrentDictionary<int, byte> Given = new();

    /// <summary>One of them.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(Lowest, Highest + 1);
            if (!Given.TryAdd(port, 0))
            {
                continue;
            }

            try
            {
                using var listener = new TcpListener(IPAddress.Loopback, port);
                listener.Start();
                return port;
            }
            catch (SocketException)
            {
                // Taken: try another.
            }
        }
    }
}
