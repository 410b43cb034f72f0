using RealtimeSuite.Http.Protection;

namespace RealtimeSuite.Web;

/// <summary>
/// What a page may load and run: only what comes from here. No script stands in a page itself. Styles may stand in attributes, as Radzen's
/// components set sizes there; not in elements.
/// </summary>
internal static class ContentSecurity
{
    private const string Policy =
        "default-src 'self'; script-src 'self'; style-src 'self'; style-src-attr 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
        + "connect-src 'self'; object-src 'none'; base-uri 'self'; form-action 'self'; "
        + SecurityHeaders.FrameAncestors;

    /// <summary>Tells it with every answer.</summary>
    public static void UseContentSecurity(this WebApplication app) =>
        app.Use(
            (context, next) =>
            {
                // Instead of the shorter one that the framework gives its pages.
                context.Response.OnStarting(() =>
                {
                    context.Response.Headers.ContentSecurityPolicy = Policy;
                    return Task.CompletedTask;
                });
                return next(context);
            }
        );
}
