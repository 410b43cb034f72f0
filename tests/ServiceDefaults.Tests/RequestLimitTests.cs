using System.Net;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace RealtimeSuite.ServiceDefaults.Tests;

/// <summary>What every service says and does not say, outside Development, when something goes wrong.</summary>
public sealed class RequestLimitTests
{
    private const string Secret = "the password is swordfish";

    [Fact]
    public async Task An_error_tells_nothing_of_the_code_and_keeps_the_headers()
    {
        await using var app = await StartAsync();
        using var client = Client(app);
        using var answer = await client.GetAsync("/fails", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.InternalServerError, answer.StatusCode);
        Assert.Equal("application/problem+json", answer.Content.Headers.ContentType?.MediaType);
        var text = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.DoesNotContain(Secret, text, StringComparison.Ordinal);
        Assert.DoesNotContain("Exception", text, StringComparison.Ordinal);
        Assert.DoesNotContain("RealtimeSuite", text, StringComparison.Ordinal);
        Assert.NotEmpty(JsonElement.Parse(text).GetProperty("traceId").GetString()!);

        Assert.Equal("nosniff", Header(answer, "X-Content-Type-Options"));
        Assert.Equal("no-referrer", Header(answer, "Referrer-Policy"));
        Assert.Equal("frame-ancestors 'none'", Header(answer, "Content-Security-Policy"));
        Assert.False(answer.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData("Production", "https", true)]
    [InlineData("Production", "http", false)]
    [InlineData("Development", "https", false)]
    public async Task Outside_Development_a_browser_that_came_by_HTTPS_is_told_to_stay_there(
        string environment,
        string scheme,
        bool expected
    )
    {
        await using var app = await StartAsync(environment);
        using var client = Client(app);
        client.DefaultRequestHeaders.Host = "realtime.example.com";
        client.DefaultRequestHeaders.Add("X-Forwarded-For", "203.0.113.9");
        client.DefaultRequestHeaders.Add("X-Forwarded-Proto", scheme);
        using var answer = await client.GetAsync("/alive", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        Assert.Equal(expected, answer.Headers.Contains("Strict-Transport-Security"));
    }

    [Fact]
    public async Task A_body_over_the_limit_is_refused()
    {
        await using var app = await StartAsync();
        using var client = Client(app);
        using var fits = await client.PostAsync("/body", new ByteArrayContent(new byte[2048]));
        Assert.Equal("2048", await fits.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        using var large = await client.PostAsync("/body", new ByteArrayContent(new byte[2049]));
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, large.StatusCode);
    }

    [Fact]
    public async Task An_answer_that_takes_too_long_is_given_up_but_not_a_stream_of_events()
    {
        await using var app = await StartAsync(timeout: "00:00:01");
        using var client = Client(app);
        using var slow = await client.GetAsync("/hangs", TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.GatewayTimeout, slow.StatusCode);
        Assert.Equal("application/problem+json", slow.Content.Headers.ContentType?.MediaType);

        using var open = new HttpRequestMessage(HttpMethod.Get, "/lasts");
        open.Headers.Accept.ParseAdd("text/event-stream");
        using var stream = await client.SendAsync(open, TestContext.Current.CancellationToken);
        Assert.Equal("to the end", await stream.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private static async Task<WebApplication> StartAsync(string environment = "Production", string timeout = "00:01:00")
    {
        var builder = WebApplication.CreateBuilder(new WebApplicationOptions { EnvironmentName = environment });
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["TrustedProxies:Networks"] = "127.0.0.1",
                ["RequestLimits:MaxBodyBytes"] = "2048",
                ["RequestLimits:Timeout"] = timeout,
            }
        );
        builder.Logging.ClearProviders();
        builder.AddServiceDefaults();
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapGet("/fails", string () => throw new InvalidOperationException(Secret));
        app.MapGet("/hangs", (HttpContext context) => Task.Delay(Timeout.Infinite, context.RequestAborted));
        app.MapGet(
            "/lasts",
            async (HttpContext context) =>
            {
                await Task.Delay(TimeSpan.FromSeconds(2), context.RequestAborted);
                return "to the end";
            }
        );
        app.MapPost(
            "/body",
            async (HttpContext context) =>
            {
                using var body = new MemoryStream();
                await context.Request.Body.CopyToAsync(body, context.RequestAborted);
                return body.Length;
            }
        );
        await app.StartAsync(TestContext.Current.CancellationToken);
        return app;
    }

    private static HttpClient Client(WebApplication app) => new() { BaseAddress = new Uri(app.Urls.Single()) };

    private static string Header(HttpResponseMessage answer, string name) => answer.Headers.GetValues(name).Single();
}
