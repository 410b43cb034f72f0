using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>What operators are told while a server hangs: taken connections, no answers, the worst way to be away. A suite of its own.</summary>
public sealed class BackingHealthTests : IAsyncLifetime
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(2.5);

    private Suite _suite = null!;

    public async ValueTask InitializeAsync() =>
        _suite = await Suite.StartAsync(withDashboard: false, TestContext.Current.CancellationToken);

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
        Assert.Equal("healthy", (await HealthAsync(gateway, HttpStatusCode.OK)).GetProperty("status").GetString());

        var redis = (await _suite.ProcessesAsync("redis", 1)).Single();
        await SignalAsync("STOP", redis);
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
            await SignalAsync("CONT", redis);
        }

        await Eventually.TrueAsync(
            async () => (await HealthAsync(gateway, HttpStatusCode.OK)).GetProperty("status").GetString() == "healthy",
            "all is well again"
        );
        await ExpectAsync(gateway, HttpMethod.Get, "/api/v1/ws/admin/connections", HttpStatusCode.OK);
    }

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
        using var deadline = new CancellationTokenSource(Deadline);
        using var request = new HttpRequestMessage(method, path);
        var response = await gateway.SendAsync(request, deadline.Token);
        Assert.Equal(expected, response.StatusCode);
        return response;
    }

    private static async Task SignalAsync(string signal, int process)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{process}"]);
        await kill.WaitForExitAsync();
        Assert.Equal(0, kill.ExitCode);
    }
}
