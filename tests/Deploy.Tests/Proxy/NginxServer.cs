using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using RealtimeSuite.Deploy.Tests.Running;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;

namespace RealtimeSuite.Deploy.Tests.Proxy;

/// <summary>The original nginx with the settings of <c>deploy/nginx</c>, but for addresses, ports and a certificate of its own.</summary>
internal sealed partial class NginxServer : ServerProcess
{
    private const string Program = "nginx";
    private const string Logs = "/var/log/nginx";
    private const int TimeoutMilliseconds = 1000;

    private readonly string _folder = Directory.CreateTempSubdirectory("nginx-").FullName;
    private readonly int _plainPort = FreePorts.Next();

    public NginxServer(RunningSuite suite, IEnumerable<ServiceServer> gateways, TimeSpan? readTimeout = null)
        : base(FreePorts.Next())
    {
        Certificate = MakeCertificate();
        CopySettings(readTimeout);
        Write(
            "nginx.conf",
            $$"""
            daemon off;
            master_process off;
            pid {{_folder}}/nginx.pid;
            error_log {{_folder}}/logs/nginx.log;
            events { worker_connections 2048; }
            http {
                client_body_temp_path {{_folder}}/body;
                proxy_temp_path {{_folder}}/proxied;
                fastcgi_temp_path {{_folder}}/fastcgi;
                uwsgi_temp_path {{_folder}}/uwsgi;
                scgi_temp_path {{_folder}}/scgi;
                include conf.d/*.conf;
            }
            """
        );
        Write("conf.d/realtimesuite.d/addresses.conf", Upstreams(suite, gateways));
        Write("conf.d/realtimesuite.d/plain.conf", $"listen 127.0.0.1:{_plainPort};\n");
        Write(
            "conf.d/realtimesuite.d/tls.conf",
            $"""
            listen 127.0.0.1:{Port} ssl http2;
            ssl_certificate {_folder}/certificate.pem;
            ssl_certificate_key {_folder}/key.pem;
            """
        );
    }

    /// <summary>Whether this machine has it.</summary>
    public static bool IsInstalled => Programs.Has(Program);

    /// <summary>What it proves itself with; signed by nobody else.</summary>
    public X509Certificate2 Certificate { get; }

    /// <summary>Where it speaks HTTP without TLS.</summary>
    public Uri PlainAddress => new($"http://127.0.0.1:{_plainPort}");

    protected override ProcessStartInfo Command =>
        new(Program, ["-p", _folder, "-c", Path.Combine(_folder, "nginx.conf"), "-e", _folder + "/logs/start.log"]);

    /// <summary>Where a socket is, through it.</summary>
    public Uri SocketAddress(string pathAndQuery) => new($"wss://{Address}{pathAndQuery}");

    /// <summary>Everything that it has written to any log.</summary>
    public string ReadLogs() =>
        string.Concat(Directory.GetFiles(Path.Combine(_folder, "logs")).Select(File.ReadAllText));

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Certificate.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private static string Upstreams(RunningSuite suite, IEnumerable<ServiceServer> gateways) =>
        $$"""
            upstream realtimesuite_gateway {
                least_conn;
                {{string.Join(
                ' ',
                gateways.Select(gateway => $"server {gateway.Address} max_fails=1 fail_timeout=10s;")
            )}}
            }
            upstream realtimesuite_api { server {{suite.Api.Address}}; }
            upstream realtimesuite_notifications { server {{suite.Notifications.Address}}; }
            upstream realtimesuite_web { server {{suite.Api.Address}}; }
            """;

    private void CopySettings(TimeSpan? readTimeout)
    {
        Directory.CreateDirectory(Path.Combine(_folder, "logs"));
        var source = RepositoryRoot.At("deploy", "nginx");
        foreach (var file in Directory.GetFiles(source, "*.conf", SearchOption.AllDirectories))
        {
            var settings = File.ReadAllText(file).Replace(Logs, _folder + "/logs", StringComparison.Ordinal);
            if (readTimeout is { TotalSeconds: var seconds })
            {
                settings = ReadTimeout()
                    .Replace(settings, string.Create(CultureInfo.InvariantCulture, $"${{1}}{seconds}s"));
            }

            Write("conf.d/" + Path.GetRelativePath(source, file), settings);
        }
    }

    private X509Certificate2 MakeCertificate()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=realtime.example.com", key, HashAlgorithmName.SHA256);
        var now = TimeProvider.System.GetUtcNow();
        var certificate = request.CreateSelfSigned(now.AddDays(-1), now.AddDays(1));
        Write("certificate.pem", certificate.ExportCertificatePem());
        Write("key.pem", key.ExportPkcs8PrivateKeyPem());
        return certificate;
    }

    private void Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
    }

    [GeneratedRegex(@"(?<name>proxy_(read|send)_timeout\s+)3600s", RegexOptions.ExplicitCapture, TimeoutMilliseconds)]
    private static partial Regex ReadTimeout();
}
