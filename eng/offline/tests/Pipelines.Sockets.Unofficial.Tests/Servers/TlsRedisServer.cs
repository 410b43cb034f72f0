using System.Net;
using System.Net.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using StackExchange.Redis;

namespace Pipelines.Sockets.Unofficial.Tests.Servers;

/// <summary>
/// redis-server that speaks only TLS, with a certificate made for this run; clients accept that one alone.
/// </summary>
public sealed class TlsRedisServer : RedisServer
{
    private readonly string _folder = Directory.CreateTempSubdirectory("redis-tls-").FullName;
    private readonly string _thumbprint;

    public TlsRedisServer()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddDnsName("localhost");
        names.AddIpAddress(IPAddress.Loopback);
        request.CertificateExtensions.Add(names.Build());
        var now = TimeProvider.System.GetUtcNow();
        using var certificate = request.CreateSelfSigned(now.AddHours(-1), now.AddDays(1));
        _thumbprint = certificate.Thumbprint;
        File.WriteAllText(CertificateFile, certificate.ExportCertificatePem());
        File.WriteAllText(KeyFile, key.ExportPkcs8PrivateKeyPem());
    }

    public override string Name => "Redis over TLS";

    protected override IEnumerable<string> CommandLine =>
        [
            "redis-server",
            "--bind",
            "127.0.0.1",
            "--port",
            "0",
            "--tls-port",
            $"{Port}",
            "--save",
            "",
            "--appendonly",
            "no",
            "--tls-cert-file",
            CertificateFile,
            "--tls-key-file",
            KeyFile,
            "--tls-auth-clients",
            "no",
        ];

    private string CertificateFile => Path.Combine(_folder, "server.crt");

    private string KeyFile => Path.Combine(_folder, "server.key");

    public override ConfigurationOptions Options()
    {
        var options = base.Options();
        options.Ssl = true;
        options.SslHost = "localhost";
        options.CertificateValidation += (_, certificate, _, errors) =>
            certificate?.GetCertHashString() == _thumbprint
            && (errors & SslPolicyErrors.RemoteCertificateNameMismatch) == 0;
        return options;
    }

    public override async Task DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }

    protected override async Task<bool> AnswersAsync()
    {
        using var client = new System.Net.Sockets.TcpClient();
        await client.ConnectAsync(IPAddress.Loopback, Port);
        return true;
    }
}
