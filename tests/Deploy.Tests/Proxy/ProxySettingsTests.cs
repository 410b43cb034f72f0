using RealtimeSuite.Testing;

namespace RealtimeSuite.Deploy.Tests.Proxy;

/// <summary>Whether nginx by itself and the ingress of the cluster do the same.</summary>
public sealed class ProxySettingsTests
{
    private const string Annotation = "nginx.ingress.kubernetes.io/";

    [Fact]
    public void Nginx_has_the_timeouts_limits_and_paths_of_the_ingress()
    {
        var nginx = string.Join(
            '\n',
            Directory
                .GetFiles(RepositoryRoot.At("deploy", "nginx"), "*.conf", SearchOption.AllDirectories)
                .SelectMany(File.ReadLines)
                .Select(line => string.Join(' ', line.Split(' ', StringSplitOptions.RemoveEmptyEntries)))
        );
        var ingresses = YamlFile
            .Read(File.ReadAllText(RepositoryRoot.At("deploy", "k8s", "base", "ingress.yaml")))
            .Where(one => (string?)one["kind"] == "Ingress")
            .ToList();
        Assert.NotEmpty(ingresses);
        foreach (var ingress in ingresses)
        {
            foreach (var (name, value) in ingress["metadata"]!["annotations"]!.AsObject())
            {
                Assert.Contains(Setting(name[Annotation.Length..], (string)value!), nginx, StringComparison.Ordinal);
            }

            foreach (var path in ingress["spec"]!["rules"]![0]!["http"]!["paths"]!.AsArray())
            {
                var exact = (string)path!["pathType"]! == "Exact" ? "= " : "";
                var service = (string)path["backend"]!["service"]!["name"]!;
                Assert.Contains(
                    $"location {exact}{(string)path["path"]!} {{ proxy_pass http://realtimesuite_{service}; }}",
                    nginx,
                    StringComparison.Ordinal
                );
            }
        }
    }

    /// <summary>What an annotation of ingress-nginx is in nginx' own words.</summary>
    private static string Setting(string annotation, string value) =>
        annotation switch
        {
            "websocket-services" => $"location /ws {{ proxy_pass http://realtimesuite_{value}; }}",
            "proxy-read-timeout" => $"proxy_read_timeout {value}s;",
            "proxy-send-timeout" => $"proxy_send_timeout {value}s;",
            "proxy-connect-timeout" => $"proxy_connect_timeout {value}s;",
            "proxy-body-size" => $"client_max_body_size {value};",
            "limit-connections" => $"limit_conn realtimesuite_connections {value};",
            "limit-rps" => $"rate={value}r/s;",
            "ssl-redirect" => "return 308 https://",
            _ => throw new NotSupportedException($"Nobody has said what {annotation} is in nginx."),
        };
}
