using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Components.Server;
using Microsoft.Extensions.Options;

namespace RealtimeSuite.Web.SignIn;

/// <summary>Ends the session of an open page when its token ends or is revoked: the page then asks to sign in again.</summary>
internal sealed class SessionWatch(
    ILoggerFactory loggers,
    IHttpClientFactory clients,
    IOptions<WebOptions> options,
    TimeProvider clock
) : RevalidatingServerAuthenticationStateProvider(loggers)
{
    private readonly TimeSpan _interval = options.Value.SessionCheckInterval;
    private DateTimeOffset _endsAt = DateTimeOffset.MaxValue;

    /// <summary>The setting, or what is left of the session when that is less.</summary>
    protected override TimeSpan RevalidationInterval
    {
        get
        {
            var left = _endsAt - clock.GetUtcNow();
            return left < _interval ? TimeSpan.FromTicks(Math.Max(left.Ticks, TimeSpan.TicksPerSecond)) : _interval;
        }
    }

    protected override async Task<bool> ValidateAuthenticationStateAsync(
        AuthenticationState authenticationState,
        CancellationToken cancellationToken
    )
    {
        var user = authenticationState.User;
        _endsAt = user.EndsAt();
        if (_endsAt <= clock.GetUtcNow())
        {
            return false;
        }

        using var client = clients.CreateClient();
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://api/auth/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", user.AccessToken());
        try
        {
            using var response = await client.SendAsync(request, cancellationToken);
            return response.StatusCode != HttpStatusCode.Unauthorized;
        }
        catch (Exception exception) when (ServiceFailures.IsAway(exception, cancellationToken))
        {
            // That the Api is away says nothing about the user.
            return true;
        }
    }
}
