using System.Net;
using System.Net.Sockets;

namespace RealtimeSuite.Gateway.Limits;

/// <summary>What counts as one network address: an IPv4 address, or the /64 of an IPv6 address, as one client has all of it.</summary>
internal static class ClientAddress
{
    /// <summary>The name to count by; <c>unknown</c> for a connection without an address.</summary>
    public static string Of(IPAddress? address)
    {
        if (address is null)
        {
            return "unknown";
        }

        if (address.IsIPv4MappedToIPv6)
        {
            return address.MapToIPv4().ToString();
        }

        return address.AddressFamily == AddressFamily.InterNetworkV6
            ? new IPNetwork(new IPAddress([.. address.GetAddressBytes().AsSpan(0, 8), .. new byte[8]]), 64).ToString()
            : address.ToString();
    }
}
