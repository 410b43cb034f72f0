using Microsoft.Net.Http.Headers;

namespace RealtimeSuite.Web.Forwarding;

/// <summary>
/// Whether a request comes from a page of ours. A browser names the origin of every socket and of every write, and no page can forge that
/// (sources: RFC 6455, section 10.2; Fetch, section 3.2).
/// </summary>
internal static class SameOrigin
{
    /// <summary>
    /// Whether the request names this origin; false for one that names none. The scheme is left out: behind a proxy that ends TLS it is
    /// not known here.
    /// </summary>
    public static bool IsProvedBy(HttpRequest request) =>
        Uri.TryCreate(request.Headers.Origin.ToString(), UriKind.Absolute, out var origin)
        && string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);

    /// <summary>Whether the request names another origin.</summary>
    public static bool IsRefutedBy(HttpRequest request) =>
        request.Headers.ContainsKey(HeaderNames.Origin) && !IsProvedBy(request);
}
