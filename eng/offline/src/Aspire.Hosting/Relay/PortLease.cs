using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Aspire.Hosting.Relay;

/// <summary>
/// A free port for a child to listen on, kept from every other host of this user as long as it is held. Such a port
/// cannot be held by a socket, since the child must bind it; so the number is chosen below the range the system hands
/// out by itself, and claimed by a locked file, which the system lets go of when the host ends in whatever way.
/// </summary>
internal sealed class PortLease : IDisposable
{
    private const int Lowest = 20_000;
    private const int Highest = 32_767;
    private static readonly string s_folder = Path.Combine(Path.GetTempPath(), $"aspire-ports-{Environment.UserName}");
    private readonly FileStream _claim;

    private PortLease(int port, FileStream claim) => (Port, _claim) = (port, claim);

    public int Port { get; }

    public static PortLease Take()
    {
        Directory.CreateDirectory(s_folder);
        for (var attempt = 0; attempt < 2_000; attempt++)
        {
            var port = RandomNumberGenerator.GetInt32(Lowest, Highest + 1);
            if (Claim(port) is not { } claim)
            {
                continue;
            }

            if (IsFree(port))
            {
                return new(port, claim);
            }

            claim.Dispose();
        }

        throw new DistributedApplicationException($"No port between {Lowest} and {Highest} is free.");
    }

    /// <summary>Whether a program could listen on the port now, on either loopback address.</summary>
    public static bool IsFree(int port) =>
        CanBind(IPAddress.Loopback, port) && (!Socket.OSSupportsIPv6 || CanBind(IPAddress.IPv6Loopback, port));

    public void Dispose() => _claim.Dispose();

    private static FileStream? Claim(int port)
    {
        try
        {
            return new FileStream(
                Path.Combine(s_folder, $"{port}"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None,
                1
            );
        }
        catch (IOException)
        {
            return null;
        }
    }

    private static bool CanBind(IPAddress address, int port)
    {
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            socket.Bind(new IPEndPoint(address, port));
            return true;
        }
        catch (SocketException exception)
        {
            return exception.SocketErrorCode
                is SocketError.AddressNotAvailable
                    or SocketError.AddressFamilyNotSupported;
        }
    }
}
