using System.Net.Http.Headers;
using Microsoft.Net.Http.Headers;
using Yarp.ReverseProxy.Forwarder;

namespace RealtimeSuite.Web.Forwarding;

/// <summary>
/// Makes the request of a page that of its user: with the token in place of cookies, which are Web's alone, and with the browser's address.
/// </summary>
internal sealed class SessionTransformer(string? token, bool isSocket) : HttpTransformer
{
    private const string ReplicaHeader = "X-Replica";
    private const string ReplicaCookie = "gateway-replica";
    private const string ForwardedFor = "X-Forwarded-For";
    private const string ForwardedProto = "X-Forwarded-Proto";

    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext,
        HttpRequestMessage proxyRequest,
        string destinationPrefix,
        CancellationToken cancellationToken
    )
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        proxyRequest.Headers.Remove(HeaderNames.Cookie);
        proxyRequest.Headers.Host = null;

        // Ours has been checked, and the service's own name is another.
        proxyRequest.Headers.Remove(HeaderNames.Origin);
        if (token is not null)
        {
            proxyRequest.Headers.Authorization = new AuthenticationHeaderValue("Bearer", token);
        }

        if (httpContext.Connection.RemoteIpAddress is { } address)
        {
            proxyRequest.Headers.Remove(ForwardedFor);
            proxyRequest.Headers.TryAddWithoutValidation(ForwardedFor, address.ToString());
        }

        proxyRequest.Headers.Remove(ForwardedProto);
        proxyRequest.Headers.TryAddWithoutValidation(ForwardedProto, httpContext.Request.Scheme);
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext,
        HttpResponseMessage? proxyResponse,
        CancellationToken cancellationToken
    )
    {
        // A script cannot read the header of a handshake, but the cookie that it sets.
        if (
            isSocket
            && proxyResponse is not null
            && proxyResponse.Headers.TryGetValues(ReplicaHeader, out var replicas)
        )
        {
            httpContext.Response.Cookies.Append(
                ReplicaCookie,
                replicas.First(),
                new CookieOptions
                {
                    SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict,
                    Secure = httpContext.Request.IsHttps,
                }
            );
        }

        return await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken);
    }
}
