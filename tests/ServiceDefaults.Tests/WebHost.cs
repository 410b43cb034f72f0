using System.Globalization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeSuite.Authentication;
using RealtimeSuite.Http;
using RealtimeSuite.Http.Idempotency;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.ServiceDefaults.Tests;

/// <summary>A small service on a port of its own, with what every service has around its endpoints. The header <c>X-User</c> stands for a token.</summary>
internal sealed class WebHost : IAsyncDisposable
{
    private readonly WebApplication _app;

    private WebHost(WebApplication app)
    {
        _app = app;
        Client = new HttpClient { BaseAddress = new Uri(app.Urls.Single()) };
        Client.DefaultRequestHeaders.Add("X-User", "u" + Guid.NewGuid().ToString("N", CultureInfo.InvariantCulture));
    }

    /// <summary>A client; every host's has a user of its own.</summary>
    public HttpClient Client { get; }

    public static async Task<WebHost> StartAsync(
        string redis,
        Action<WebApplication> map,
        params (string Key, string Value)[] settings
    )
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Configuration.AddInMemoryCollection(
            settings
                .Append(("ConnectionStrings:redis", redis))
                .Select(setting => KeyValuePair.Create<string, string?>(setting.Item1, setting.Item2))
        );
        builder.Logging.ClearProviders();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.AddProblems();
        builder.AddRequestJson();
        builder.AddRedis();
        builder.AddRateLimits();
        builder.AddIdempotency();

        var app = builder.Build();
        app.UseProblems();
        app.Use(
            (context, next) =>
            {
                var roles = context.Request.Headers["X-Role"].OfType<string>().ToArray();
                var user = context.Request.Headers["X-User"].ToString();
                context.Features.Set(new Caller(user, roles, DateTimeOffset.MaxValue));
                return next(context);
            }
        );
        app.UseRouting();
        app.UseRateLimiter();
        app.UseIdempotency();
        map(app);
        await app.StartAsync(TestContext.Current.CancellationToken);
        return new WebHost(app);
    }

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
    }
}
