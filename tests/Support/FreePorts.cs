using System.Net;
using System.Net.Sockets;

namespace RealtimeSuite.Testing;

/// <summary>Ports that are free now, below the range from which the system takes ports for outgoing connections.</summary>
public static class FreePorts
{
    /// <summary>One of them.</summary>
    public static int Next()
    {
        while (true)
        {
            var port = Random.Shared.Next(20_000, 32_000);
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
