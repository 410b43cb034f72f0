using Microsoft.Extensions.Options;

namespace RealtimeSuite.Gateway.Accept;

/// <summary>Whether a page may open a socket (source: RFC 6455, section 10.2). A request without an origin is no browser's and passes.</summary>
internal sealed class OriginCheck(IOptions<GatewayOptions> options, IHostEnvironment environment)
{
    private const string Any = "*";

    private readonly HashSet<string> _allowed = new(
        options.Value.AllowedOrigins.Select(origin => origin.TrimEnd('/')),
        StringComparer.OrdinalIgnoreCase
    );

    /// <summary>Whether the request comes from a page, by its <c>Origin</c>.</summary>
    public static bool IsFromPage(HttpRequest request) => request.Headers.Origin.Count > 0;

    /// <summary>Whether the request's origin, if it has one, is allowed.</summary>
    public bool Allows(HttpRequest request)
    {
        if (!IsFromPage(request))
        {
            return true;
        }

        var text = request.Headers.Origin.ToString().TrimEnd('/');
        if (_allowed.Contains(Any) || _allowed.Contains(text))
        {
            return true;
        }

        return _allowed.Count == 0
            && Uri.TryCreate(text, UriKind.Absolute, out var origin)
            && (IsOwn(request, origin) || (environment.IsDevelopment() && origin.IsLoopback));
    }

    private static bool IsOwn(HttpRequest request, Uri origin) =>
        string.Equals(origin.Authority, request.Host.Value, StringComparison.OrdinalIgnoreCase);
}
