using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace RealtimeSuite.Deploy.Tests.Proxy;

/// <summary>A client at an address of its own on this machine, which trusts one certificate.</summary>
internal static class ClientAt
{
    /// <summary>A handler whose connections come from that address.</summary>
    public static HttpMessageInvoker Address(string address, X509Certificate2? trusted = null) =>
        new(Handler(address, trusted));

    /// <summary>The same for calls; redirections are not followed.</summary>
    public static HttpClient HttpAddress(string address, X509Certificate2? trusted = null) =>
        new(Handler(address, trusted));

    private static SocketsHttpHandler Handler(string address, X509Certificate2? trusted) =>
        new()
        {
            AllowAutoRedirect = false,
            ConnectCallback = async (context, cancellationToken) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp)
                {
                    NoDelay = true,
                };
                try
                {
                    socket.Bind(new IPEndPoint(IPAddress.Parse(address), 0));
                    await socket.ConnectAsync(context.DnsEndPoint, cancellationToken);
                    return new NetworkStream(socket, ownsSocket: true);
                }
                catch
                {
                    socket.Dispose();
                    throw;
                }
            },
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, certificate, _, _) =>
                    certificate is not null && trusted is not null && certificate.Equals(trusted),
            },
        };
}
