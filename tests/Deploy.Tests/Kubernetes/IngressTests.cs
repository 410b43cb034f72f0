namespace RealtimeSuite.Deploy.Tests.Kubernetes;

public sealed class IngressTests
{
    private const string Nginx = "nginx.ingress.kubernetes.io/";

    public static TheoryData<string> Overlays => Overlay.Names;

    [Theory]
    [InlineData("/ws", "gateway")]
    [InlineData("/ws/admin", "gateway")]
    [InlineData("/api/v1/ws/products", "gateway")]
    [InlineData("/api/v1/ws/orders/1", "gateway")]
    [InlineData("/api/v1/ws/health", "gateway")]
    [InlineData("/stats", "gateway")]
    [InlineData("/asyncapi.json", "gateway")]
    [InlineData("/api/tasks", "api")]
    [InlineData("/api/events", "api")]
    [InlineData("/auth/login", "api")]
    [InlineData("/openapi/v1.json", "api")]
    [InlineData("/api/notifications", "notifications")]
    [InlineData("/api/notifications/unread-count", "notifications")]
    [InlineData("/api/notifications-of-somebody", "api")]
    [InlineData("/wsx", null)]
    [InlineData("/metrics", null)]
    [InlineData("/health", null)]
    [InlineData("/dapr/subscribe", null)]
    public async Task A_path_of_the_clients_host_leads_to_its_service(string path, string? service)
    {
        var routes =
            from ingress in await Overlay.RenderAsync("production")
            where ingress.Kind == "Ingress" && ingress.Name is "sockets" or "rest"
            from rule in KubernetesObject.Items(ingress.Spec["rules"])
            from route in KubernetesObject.Items(rule["http"]!["paths"])
            let prefix = (string)route["path"]!
            where
                (string)route["pathType"]! == "Exact"
                    ? path == prefix
                    : path == prefix || path.StartsWith(prefix.TrimEnd('/') + "/", StringComparison.Ordinal)
            orderby prefix.Length descending
            select (string)route["backend"]!["service"]!["name"]!;

        Assert.Equal(service, routes.FirstOrDefault());
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Sockets_live_as_long_as_the_guide_says_and_an_address_has_so_many(string overlay)
    {
        var sockets = (await IngressesAsync(overlay)).Single(ingress => ingress.Name == "sockets").Annotations;

        Assert.Equal("gateway", sockets[Nginx + "websocket-services"]);
        Assert.Equal("3600", sockets[Nginx + "proxy-read-timeout"]);
        Assert.Equal("3600", sockets[Nginx + "proxy-send-timeout"]);
        Assert.Equal("3600", sockets[Nginx + "proxy-connect-timeout"]);
        Assert.Equal("100", sockets[Nginx + "limit-connections"]);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Every_backend_is_a_Service_with_that_port(string overlay)
    {
        var documents = await Overlay.RenderAsync(overlay);
        foreach (var backend in documents.Where(document => document.Kind == "Ingress").SelectMany(Backends))
        {
            Assert.Contains(
                documents,
                document =>
                    document.Kind == "Service"
                    && document.Name == backend.Service
                    && KubernetesObject.Items(document.Spec["ports"]).Any(port => (string?)port["name"] == backend.Port)
            );
        }
    }

    [Fact]
    public async Task In_production_every_host_has_a_certificate_and_plain_HTTP_is_sent_to_it()
    {
        foreach (var ingress in await IngressesAsync("production"))
        {
            var hosts = KubernetesObject.Items(ingress.Spec["rules"]).Select(rule => (string)rule["host"]!);
            var secured = KubernetesObject
                .Items(ingress.Spec["tls"])
                .SelectMany(tls => KubernetesObject.Items(tls["hosts"]));
            Assert.Empty(hosts.Except(secured.Select(host => (string)host!)));
            Assert.Equal("true", ingress.Annotations[Nginx + "force-ssl-redirect"]);
            Assert.Contains(
                await Overlay.RenderAsync("production"),
                document =>
                    document.Kind == "ClusterIssuer"
                    && document.Name == ingress.Annotations["cert-manager.io/cluster-issuer"]
            );
        }
    }

    private static async Task<IReadOnlyList<KubernetesObject>> IngressesAsync(string overlay)
    {
        KubernetesObject[] ingresses =
        [
            .. (await Overlay.RenderAsync(overlay)).Where(document => document.Kind == "Ingress"),
        ];
        Assert.NotEmpty(ingresses);
        return ingresses;
    }

    private static IEnumerable<(string Service, string Port)> Backends(KubernetesObject ingress) =>
        from rule in KubernetesObject.Items(ingress.Spec["rules"])
        from route in KubernetesObject.Items(rule["http"]!["paths"])
        let service = route["backend"]!["service"]!
        select ((string)service["name"]!, (string)service["port"]!["name"]!);
}
