using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using RealtimeSuite.Deploy.Tests.Running;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;

namespace RealtimeSuite.Deploy.Tests.Proxy;

/// <summary>Through the original nginx with the settings of <c>deploy/nginx</c>. Clients are told apart by addresses of their own.</summary>
[Collection(UsesRunningSuite.Name)]
public sealed class ReverseProxyTests(RunningSuite suite) : IAsyncLifetime
{
    private const int ConnectionsPerAddress = 100;

    private NginxServer _nginx = null!;

    public async ValueTask InitializeAsync()
    {
        Assert.SkipUnless(NginxServer.IsInstalled, "nginx is not installed.");
        _nginx = new NginxServer(suite, suite.Gateways);
        await _nginx.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_nginx is not null)
        {
            await _nginx.DisposeAsync();
        }
    }

    [Fact]
    public async Task Sockets_and_calls_come_through_TLS_and_plain_HTTP_is_sent_there()
    {
        const string User = "behind-nginx";
        using var through = ClientAt.Address("127.0.0.11", _nginx.Certificate);
        await using var socket = await ConnectAsync(through, User);
        using var http = ClientAt.HttpAddress("127.0.0.11", _nginx.Certificate);
        http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", RunningSuite.TokenFor(User));
        using var created = await http.PostAsJsonAsync(
            $"https://{_nginx.Address}/api/tasks",
            new { title = "Through" }
        );
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var update = await socket.ReadUntilAsync("task_update");
        Assert.Equal("Through", update.GetProperty("event").GetProperty("title").GetString());

        using var plain = await http.GetAsync(new Uri(_nginx.PlainAddress, "/ws?x=1"));
        Assert.Equal(HttpStatusCode.PermanentRedirect, plain.StatusCode);
        Assert.Equal("https://127.0.0.1/ws?x=1", plain.Headers.Location?.ToString());
        await socket.CloseAsync();
    }

    [Fact]
    public async Task A_socket_that_says_nothing_lives_by_the_pings_of_the_gateway()
    {
        // The gateways ping every 0.3 s; this nginx ends a connection on which nothing moves for ten times as long.
        await using var nginx = new NginxServer(suite, suite.Gateways, readTimeout: TimeSpan.FromSeconds(3));
        await nginx.StartAsync();
        using var through = ClientAt.Address("127.0.0.12", nginx.Certificate);
        await using var socket = await ConnectAsync(through, "silent", nginx);
        var next = socket.ReadAsync();

        // The silence itself is what is tried.
        await Task.Delay(TimeSpan.FromSeconds(6), TestContext.Current.CancellationToken);
        Assert.False(next.IsCompleted);
        await socket.SendAsync("ping");
        Assert.Equal("pong", (await next).GetProperty("type").GetString());
        await socket.CloseAsync();
    }

    [Fact]
    public async Task A_client_of_a_gateway_that_stops_goes_on_at_the_other_and_gets_every_event_once()
    {
        const string User = "moved";
        ServiceServer[] gateways = [await suite.StartGatewayAsync(), await suite.StartGatewayAsync()];
        await using var first = gateways[0];
        await using var second = gateways[1];
        await using var nginx = new NginxServer(suite, gateways);
        await nginx.StartAsync();
        using var through = ClientAt.Address("127.0.0.13", nginx.Certificate);
        var client = new ResumingClient(nginx, through, RunningSuite.TokenFor(User));
        using var done = new CancellationTokenSource();
        var reading = client.ReadAsync(done.Token);
        await Eventually.TrueAsync(() => client.IsReady, "the client knows where its events begin");

        var stopping = await WithReplicaAsync(gateways, client.Replicas.First());
        var titles = new List<string>();
        await PublishAsync(User, titles, 5);
        await Eventually.TrueAsync(() => client.Titles.Count == titles.Count, "the first events have come");
        await stopping.TerminateAsync();
        await PublishAsync(User, titles, 15);
        await Eventually.TrueAsync(() => !client.CloseCodes.IsEmpty, "the gateway that stops has closed the socket");
        await PublishAsync(User, titles, 5);
        await Eventually.TrueAsync(
            () => client.Titles.Count >= titles.Count,
            "everything has come",
            details: () => string.Join(' ', client.Titles)
        );

        Assert.Equal(titles, client.Titles);
        Assert.All(client.CloseCodes, code => Assert.Equal(1012, code));
        Assert.NotEqual(client.Replicas.First(), client.Replicas.Last());
        Assert.Equal(0, client.Lost);
        await done.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => reading);
    }

    [Fact]
    public async Task An_address_has_so_many_connections_and_another_is_not_affected()
    {
        using var through = ClientAt.Address("127.0.0.14", _nginx.Certificate);
        var sockets = new List<SocketClient>();
        for (var i = 0; i < ConnectionsPerAddress; i++)
        {
            sockets.Add(await ConnectAsync(through, "many"));
        }

        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(through, "many"));
        Assert.Contains("429", refused.Message, StringComparison.Ordinal);

        using var elsewhere = ClientAt.Address("127.0.0.15", _nginx.Certificate);
        await using var other = await ConnectAsync(elsewhere, "other");
        await other.CloseAsync();
        await Task.WhenAll(sockets.Select(socket => socket.CloseAsync()));
        sockets.ForEach(socket => _ = socket.DisposeAsync().AsTask());
    }

    [Fact]
    public async Task A_gateway_believes_the_proxy_that_is_named_and_nobody_else()
    {
        (string Name, string Value) forged = ("X-Forwarded-For", "203.0.113.5");

        using var through = ClientAt.Address("127.0.0.16", _nginx.Certificate);
        await using var proxied = await ConnectAsync(through, "proxied", headers: forged);
        Assert.Equal("127.0.0.16", await AddressOfAsync("proxied"));

        var direct = new Uri($"ws://{suite.Gateways[0].Address}/ws?token={RunningSuite.TokenFor("direct")}");
        using var stranger = ClientAt.Address("127.0.0.17");
        await using var liar = await SocketClient.ConnectAsync(direct, stranger, forged);
        Assert.Equal("127.0.0.17", await AddressOfAsync("direct"));

        var named = new Uri($"ws://{suite.Gateways[0].Address}/ws?token={RunningSuite.TokenFor("named")}");
        using var proxy = ClientAt.Address(RunningSuite.TrustedProxy);
        await using var believed = await SocketClient.ConnectAsync(named, proxy, forged);
        Assert.Equal("203.0.113.5", await AddressOfAsync("named"));
    }

    [Fact]
    public async Task No_token_is_in_any_log_of_nginx_whatever_becomes_of_the_request()
    {
        var token = RunningSuite.TokenFor("secretive");
        await using var gone = new ServiceServer("WebSocketService", "nowhere:1", "nowhere:1");
        await using var nginx = new NginxServer(suite, [gone]);
        await nginx.StartAsync();
        using var through = ClientAt.Address("127.0.0.18", _nginx.Certificate);
        using var throughToNobody = ClientAt.Address("127.0.0.18", nginx.Certificate);
        var query = "/ws?token=" + token;

        await using var byQuery = await SocketClient.ConnectAsync(_nginx.SocketAddress(query), through);
        await using var byHeader = await ConnectAsync(through, "secretive");
        await using var byProtocol = await SocketClient.ConnectAsync(
            _nginx.SocketAddress("/ws"),
            through,
            ("Sec-WebSocket-Protocol", "bearer, " + token)
        );
        await Assert.ThrowsAsync<WebSocketException>(() =>
            SocketClient.ConnectAsync(nginx.SocketAddress(query), throughToNobody)
        );
        using var http = ClientAt.HttpAddress("127.0.0.18", _nginx.Certificate);
        using var redirected = await http.GetAsync(new Uri(_nginx.PlainAddress, query));
        using var large = await http.PostAsync(
            $"https://{_nginx.Address}/api/tasks?token={token}",
            new ByteArrayContent(new byte[2 * 1024 * 1024])
        );
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
        await Task.WhenAll(byQuery.CloseAsync(), byHeader.CloseAsync(), byProtocol.CloseAsync());

        await Eventually.TrueAsync(
            () => _nginx.ReadLogs().Split("GET /ws 101").Length > 3,
            "the sockets are in the log",
            details: _nginx.ReadLogs
        );
        await Eventually.TrueAsync(
            () => nginx.ReadLogs().Contains("GET /ws 502", StringComparison.Ordinal),
            "the failure is in the log",
            details: nginx.ReadLogs
        );
        var logs = _nginx.ReadLogs() + nginx.ReadLogs();
        Assert.DoesNotContain(token, logs, StringComparison.Ordinal);
        Assert.DoesNotContain("token", logs, StringComparison.Ordinal);
    }

    /// <summary>Tasks with one key, so that their events have an order.</summary>
    private async Task PublishAsync(string userId, List<string> titles, int count)
    {
        for (var i = 0; i < count; i++)
        {
            titles.Add($"task {titles.Count}");
            await suite.ProduceAsync(
                "task-updates",
                JsonSerializer.Serialize(
                    new
                    {
                        event_type = "task.created",
                        user_id = userId,
                        task_id = Guid.NewGuid(),
                        title = titles[^1],
                    }
                )
            );
        }
    }

    private Task<SocketClient> ConnectAsync(
        HttpMessageInvoker through,
        string userId,
        NginxServer? nginx = null,
        params (string Name, string Value)[] headers
    ) => GreetedAsync((nginx ?? _nginx).SocketAddress("/ws"), through, userId, headers);

    private static async Task<SocketClient> GreetedAsync(
        Uri address,
        HttpMessageInvoker through,
        string userId,
        (string Name, string Value)[] headers
    )
    {
        var socket = await SocketClient.ConnectAsync(
            address,
            through,
            [("Authorization", "Bearer " + RunningSuite.TokenFor(userId)), .. headers]
        );
        await socket.ReadUntilAsync("initial_state");
        return socket;
    }

    /// <summary>Where the gateways think that the user's only connection comes from.</summary>
    private async Task<string?> AddressOfAsync(string userId)
    {
        using var admin = suite.Gateways[0].ClientOf("boss", "admin");
        var connections = default(JsonElement);
        await Eventually.TrueAsync(
            async () =>
            {
                var answer = await admin.GetFromJsonAsync<JsonElement>(
                    "/api/v1/ws/admin/connections?user_id=" + userId
                );
                connections = answer.GetProperty("items");
                return connections.GetArrayLength() == 1;
            },
            $"{userId} is connected",
            details: () => connections.ToString()
        );
        return connections[0].GetProperty("address").GetString();
    }

    private static async Task<ServiceServer> WithReplicaAsync(IEnumerable<ServiceServer> gateways, string replica)
    {
        foreach (var gateway in gateways)
        {
            using var client = gateway.Client();
            var page = MetricsPage.Parse(await client.GetStringAsync("/metrics"));
            if (page.Lines.Single(line => line.Name == "target_info").Labels["replica"] == replica)
            {
                return gateway;
            }
        }

        throw new InvalidOperationException("No gateway is " + replica);
    }
}
