using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;

namespace RealtimeSuite.Integration.Tests;

/// <summary>What operators are told while a server hangs: taken connections, no answers, the worst way to be away. A suite of its own.</summary>
public sealed class BackingHealthTests : IAsyncLifetime
{
    // Less than the Redis client itself waits for an answer, 5 s.
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(4.5);

    private Suite _suite = null!;

    public async ValueTask InitializeAsync() =>
        _suite = await Suite.StartAsync(
            withDashboard: false,
            TestContext.Current.CancellationToken,
            "--Gateway:Replicas=1",
            "--Gateway:Environment:Gateway__Limits__MaxConnections=2",
            "--Gateway:Environment:Gateway__AuthenticationTimeout=00:00:01",
            "--Gateway:Environment:Gateway__OpenTimeout=00:00:01",
            "--Gateway:Environment:Gateway__ReadTimeout=00:00:00.5"
        );

    public ValueTask DisposeAsync() => _suite.DisposeAsync();

    [Fact]
    public async Task With_redis_hanging_health_is_degraded_and_no_path_hangs()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot stop a process for a while.");
        using var gateway = _suite.Gateway();
        gateway.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            _suite.TokenFor("operator", "admin")
        );
        await IsAsync(gateway, "healthy");

        var redis = (await _suite.ProcessesAsync("redis", 1)).Single();
        await ProcessSignal.StopAsync(redis);
        try
        {
            await Eventually.TrueAsync(
                async () =>
                    (await HealthAsync(gateway, HttpStatusCode.OK)).GetProperty("redis_status").GetString()
                    == "unhealthy",
                "Redis counts as away"
            );
            var health = await HealthAsync(gateway, HttpStatusCode.OK);
            Assert.Equal("degraded", health.GetProperty("status").GetString());
            await ExpectAsync(gateway, HttpMethod.Get, "/healthz", HttpStatusCode.OK);
            await ExpectAsync(gateway, HttpMethod.Get, "/healthz/websocket", HttpStatusCode.OK);
            await ExpectAsync(gateway, HttpMethod.Get, "/metrics", HttpStatusCode.OK);
            await ExpectAsync(gateway, HttpMethod.Get, "/healthz/redis", HttpStatusCode.ServiceUnavailable);
            await ExpectAsync(
                gateway,
                HttpMethod.Get,
                "/api/v1/ws/admin/connections",
                HttpStatusCode.ServiceUnavailable
            );
            await ExpectAsync(
                gateway,
                HttpMethod.Delete,
                "/api/v1/ws/admin/users/nobody",
                HttpStatusCode.ServiceUnavailable
            );
        }
        finally
        {
            await ProcessSignal.ContinueAsync(redis);
        }

        await IsAsync(gateway, "healthy");
        await Eventually.TrueAsync(
            async () =>
                (await AnswerAsync(gateway, HttpMethod.Get, "/api/v1/ws/admin/connections")).StatusCode
                == HttpStatusCode.OK,
            "operators are answered again"
        );
    }

    [Fact]
    public async Task With_redis_hanging_new_sockets_are_refused_with_1013_within_their_deadlines_and_open_ones_live()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot stop a process for a while.");
        await using var open = await _suite.ConnectAsync("calm");
        var redis = (await _suite.ProcessesAsync("redis", 1)).Single();
        var ticket = new string('t', 43);
        await ProcessSignal.StopAsync(redis);
        try
        {
            foreach (
                var path in new[]
                {
                    $"/api/v1/ws/orders/{Guid.NewGuid()}?token={Token}",
                    $"/ws?ticket={ticket}",
                    $"/ws?token={Token}",
                }
            )
            {
                await using var refused = await SocketClient.ConnectAsync(_suite.SocketAddress(path));
                while (await refused.ReadTextAsync() is not null)
                {
                    // What it may have been greeted with before.
                }

                Assert.Equal(1013, refused.CloseCode);
            }

            await open.SendAsync("ping");
            Assert.Equal("pong", (await open.ReadAsync()).GetProperty("type").GetString());
        }
        finally
        {
            await ProcessSignal.ContinueAsync(redis);
        }

        await Eventually.TrueAsync(
            async () =>
            {
                await using var again = await SocketClient.ConnectAsync(_suite.SocketAddress($"/ws?token={Token}"));
                return await again.ReadTextAsync() is not null;
            },
            "sockets are let in again"
        );
    }

    [Fact]
    public async Task A_full_replica_refuses_with_1013()
    {
        await using var first = await _suite.ConnectAsync("first");
        await using var second = await _suite.ConnectAsync("second");
        await using var third = await SocketClient.ConnectAsync(_suite.SocketAddress($"/ws?token={Token}"));
        Assert.Null(await third.ReadTextAsync());
        Assert.Equal((1013, "The server is full. Try again later."), (third.CloseCode, third.CloseReason));
    }

    private string Token => _suite.TokenFor("somebody");

    private static Task IsAsync(HttpClient gateway, string status) =>
        Eventually.TrueAsync(
            async () => (await HealthAsync(gateway, HttpStatusCode.OK)).GetProperty("status").GetString() == status,
            $"the gateway is {status}"
        );

    private static async Task<JsonElement> HealthAsync(HttpClient gateway, HttpStatusCode expected)
    {
        using var response = await ExpectAsync(gateway, HttpMethod.Get, "/api/v1/ws/health", expected);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<HttpResponseMessage> ExpectAsync(
        HttpClient gateway,
        HttpMethod method,
        string path,
        HttpStatusCode expected
    )
    {
        var response = await AnswerAsync(gateway, method, path);
        Assert.Equal(expected, response.StatusCode);
        return response;
    }

    private static async Task<HttpResponseMessage> AnswerAsync(HttpClient gateway, HttpMethod method, string path)
    {
        using var deadline = new CancellationTokenSource(Deadline);
        using var request = new HttpRequestMessage(method, path);
        return await gateway.SendAsync(request, deadline.Token);
    }
}
