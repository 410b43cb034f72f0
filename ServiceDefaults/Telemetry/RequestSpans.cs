using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;

namespace RealtimeSuite.Telemetry;

/// <summary>Completes the server span that ASP.NET Core starts: its name, the route and the status (source: OpenTelemetry semantic conventions for HTTP).</summary>
internal static class RequestSpans
{
    /// <summary>Names each request's span by method and route pattern.</summary>
    public static void UseRequestSpans(this IApplicationBuilder app) =>
        app.Use(
            async (context, next) =>
            {
                var span = context.Features.Get<IHttpActivityFeature>()?.Activity;
                try
                {
                    await next(context);
                }
                finally
                {
                    var route = (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText;
                    if (span is not null && route is not null)
                    {
                        span.DisplayName = $"{context.Request.Method} /{route.Trim('/')}";
                        span.SetTag("http.route", route);
                    }

                    span?.SetTag("http.response.status_code", context.Response.StatusCode);
                }
            }
        );
}
