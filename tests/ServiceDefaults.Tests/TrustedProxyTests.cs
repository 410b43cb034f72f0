using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RealtimeSuite.Http.Proxies;

namespace RealtimeSuite.ServiceDefaults.Tests;

/// <summary>Whom a service believes to be there, told by a client on this machine, which stands for a proxy.</summary>
public sealed class TrustedProxyTests
{
    private const string Client = "203.0.113.9";

    [Theory]
    [InlineData("", "1", Client, "127.0.0.1 http")]
    [InlineData("192.0.2.0/24", "1", Client, "127.0.0.1 http")]
    [InlineData("127.0.0.0/8", "1", Client, Client + " https")]
    [InlineData("192.0.2.0/24, 127.0.0.1", "1", Client, Client + " https")]
    [InlineData("127.0.0.1", "1", "198.51.100.1, " + Client, Client + " https")]
    [InlineData("127.0.0.1,192.0.2.0/24", "2", "198.51.100.1, " + Client + ", 192.0.2.7", Client + " https")]
    [InlineData("127.0.0.1", "2", "198.51.100.1, " + Client, Client + " https")]
    [InlineData("127.0.0.1", "1", "no address", "127.0.0.1 http")]
    public async Task Only_a_proxy_that_is_named_tells_who_is_there(
        string networks,
        string hops,
        string forwarded,
        string expected
    )
    {
        await using var app = Build(("TrustedProxies:Networks", networks), ("TrustedProxies:Hops", hops));
        app.MapGet("/", (HttpContext context) => $"{context.Connection.RemoteIpAddress} {context.Request.Scheme}");
        await app.StartAsync(TestContext.Current.CancellationToken);
        using var client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        client.DefaultRequestHeaders.TryAddWithoutValidation("X-Forwarded-For", forwarded);
        client.DefaultRequestHeaders.Add(
            "X-Forwarded-Proto",
            string.Join(", ", Enumerable.Repeat("https", forwarded.Split(',').Length))
        );
        client.DefaultRequestHeaders.Add("X-Forwarded-Host", "elsewhere.example");

        Assert.Equal(expected, await client.GetStringAsync("/", TestContext.Current.CancellationToken));
    }

    [Theory]
    [InlineData("TrustedProxies:Networks", "10.0.0.0/33", "TrustedProxies__Networks")]
    [InlineData("TrustedProxies:Networks", "127.0.0.1, the-proxy", "TrustedProxies__Networks")]
    [InlineData("TrustedProxies:Networks", "0.0.0.0/0", "TrustedProxies__Networks")]
    [InlineData("TrustedProxies:Hops", "0", "Hops")]
    [InlineData("FORWARDEDHEADERS_ENABLED", "true", "TrustedProxies__Networks")]
    public async Task A_setting_that_names_nobody_or_everybody_stops_the_service(string key, string value, string named)
    {
        await using var app = Build((key, value));
        var wrong = await Assert.ThrowsAsync<OptionsValidationException>(() =>
            app.StartAsync(TestContext.Current.CancellationToken)
        );
        Assert.Contains(named, wrong.Message, StringComparison.Ordinal);
    }

    private static WebApplication Build(params (string Key, string Value)[] settings)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(
            settings.Select(setting => KeyValuePair.Create<string, string?>(setting.Key, setting.Value))
        );
        builder.Logging.ClearProviders();
        builder.AddTrustedProxies();
        var app = builder.Build();
        app.UseTrustedProxies();
        return app;
    }
}
