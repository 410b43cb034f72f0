using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Timeouts;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace RealtimeSuite.Http.Protection;

/// <summary>Ends requests that are too large or take too long.</summary>
public static class RequestLimits
{
    /// <summary>Registers the limits.</summary>
    public static IHostApplicationBuilder AddRequestLimits(this IHostApplicationBuilder builder)
    {
        builder
            .Services.AddOptions<RequestLimitOptions>()
            .BindConfiguration(RequestLimitOptions.Section)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder
            .Services.AddOptions<KestrelServerOptions>()
            .Configure<IOptions<RequestLimitOptions>>(
                (kestrel, limits) =>
                {
                    kestrel.Limits.MaxRequestBodySize = limits.Value.MaxBodyBytes;
                    kestrel.AddServerHeader = false;
                }
            );
        builder.Services.AddRequestTimeouts();
        builder
            .Services.AddOptions<RequestTimeoutOptions>()
            .Configure<IOptions<RequestLimitOptions>>(
                (timeouts, limits) =>
                    timeouts.DefaultPolicy = new RequestTimeoutPolicy { Timeout = limits.Value.Timeout }
            );
        return builder;
    }

    /// <summary>Inside the error handling, which writes the answer.</summary>
    public static WebApplication UseRequestLimits(this WebApplication app)
    {
        app.UseWhen(context => !StaysOpen(context.Request), requests => requests.UseRequestTimeouts());
        return app;
    }

    /// <summary>A socket, by HTTP/1.1 or HTTP/2, or a stream of server-sent events.</summary>
    private static bool StaysOpen(HttpRequest request) =>
        HttpMethods.IsConnect(request.Method)
        || request.Headers.Upgrade.Count > 0
        || request.Headers.Accept.ToString().Contains("text/event-stream", StringComparison.OrdinalIgnoreCase);
}
