using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Hosting;

namespace RealtimeSuite.Http.Protection;

/// <summary>What every answer tells a browser (source: OWASP Secure Headers Project). Web adds what its pages may load.</summary>
public static class SecurityHeaders
{
    /// <summary>No other page may frame an answer.</summary>
    public const string FrameAncestors = "frame-ancestors 'none'";

    /// <summary>Adds the headers; outside Development also <c>Strict-Transport-Security</c>, over HTTPS.</summary>
    public static WebApplication UseSecurityHeaders(this WebApplication app)
    {
        app.Use(
            (context, next) =>
            {
                // At the last moment: an error clears what was set before it.
                context.Response.OnStarting(Write, context.Response);
                return next(context);
            }
        );
        if (!app.Environment.IsDevelopment())
        {
            app.UseHsts();
        }

        return app;
    }

    private static Task Write(object state)
    {
        var headers = ((HttpResponse)state).Headers;
        headers.XContentTypeOptions = "nosniff";
        headers["Referrer-Policy"] = "no-referrer";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
        if (headers.ContentSecurityPolicy.Count == 0)
        {
            headers.ContentSecurityPolicy = FrameAncestors;
        }

        return Task.CompletedTask;
    }
}
