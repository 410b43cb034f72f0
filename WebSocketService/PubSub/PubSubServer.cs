using System.Buffers;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using RealtimeSuite.Gateway.Continuity;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.PubSub;

/// <summary>A Redis server and how to be let in: encryption and credentials are those of the client library's options.</summary>
internal sealed class PubSubServer(
    EndPoint address,
    ConfigurationOptions options,
    ContinuityOptions continuity,
    TimeProvider clock
)
{
    /// <summary>Connects and signs in. Waits at most as long as the options say.</summary>
    /// <param name="clientName">By which an operator recognises the connection in <c>CLIENT LIST</c>.</param>
    /// <exception cref="RedisConnectionException">Redis refuses.</exception>
    /// <exception cref="SocketException">Nobody is there.</exception>
    /// <exception cref="AuthenticationException">Its certificate is not to be trusted.</exception>
    /// <exception cref="IOException">It went away, or does not answer in time.</exception>
    public PubSubConnection Connect(string clientName)
    {
        var socket = NewSocket();

        // Nothing here can wait longer: a socket that is disposed wakes whoever waits for it.
        using var deadline = clock.CreateTimer(
            _ => socket.Dispose(),
            null,
            TimeSpan.FromMilliseconds(options.ConnectTimeout),
            Timeout.InfiniteTimeSpan
        );
        try
        {
            socket.ReceiveTimeout = (int)Math.Min(int.MaxValue, continuity.WatchdogTimeout.TotalMilliseconds);
            socket.Connect(address);
            var stream = new RespStream(Encrypt(new NetworkStream(socket)));
            SignIn(stream, clientName);
            return new PubSubConnection(socket, stream, continuity.WatchdogInterval);
        }
        catch (Exception exception)
        {
            socket.Dispose();
            if (exception is ObjectDisposedException)
            {
                throw new IOException("Redis does not answer.", exception);
            }

            throw;
        }
    }

    private Socket NewSocket() =>
        address is UnixDomainSocketEndPoint
            ? new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified)
            : new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private Stream Encrypt(NetworkStream stream)
    {
        if (!options.Ssl)
        {
            return stream;
        }

        var encrypted = new SslStream(stream);
        encrypted.AuthenticateAsClient(
            new SslClientAuthenticationOptions
            {
                TargetHost =
                    options.SslHost ?? (address as DnsEndPoint)?.Host ?? (address as IPEndPoint)?.Address.ToString(),
                EnabledSslProtocols = options.SslProtocols ?? SslProtocols.None,
                CertificateRevocationCheckMode = options.CheckCertificateRevocation
                    ? X509RevocationMode.Online
                    : X509RevocationMode.NoCheck,
            }
        );
        return encrypted;
    }

    private void SignIn(RespStream stream, string clientName)
    {
        if (options.Password is { Length: > 0 } password)
        {
            Demand(stream, options.User is { Length: > 0 } user ? ["AUTH", user, password] : ["AUTH", password]);
        }

        // Not every server knows names.
        _ = Ask(stream, "CLIENT", "SETNAME", clientName);
        Demand(stream, "PING");
    }

    private static void Demand(RespStream stream, params ReadOnlySpan<string> words)
    {
        if (Ask(stream, words) is { } refusal)
        {
            throw new RedisConnectionException(ConnectionFailureType.AuthenticationFailure, refusal);
        }
    }

    /// <summary>Sends a command and waits for the answer: null, or why it was refused.</summary>
    private static string? Ask(RespStream stream, params ReadOnlySpan<string> words)
    {
        var command = new ArrayBufferWriter<byte>();
        RespStream.Append(command, words);
        stream.Write(command.WrittenSpan);
        RespReply reply;
        while (!stream.TryTake(out reply))
        {
            stream.Fill();
        }

        return reply.Kind == RespKind.Error ? Encoding.UTF8.GetString(reply.Content) : null;
    }
}
