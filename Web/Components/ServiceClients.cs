using System.Net.Http.Headers;
using Microsoft.AspNetCore.Components.Authorization;
using RealtimeSuite.Web.SignIn;

namespace RealtimeSuite.Web.Components;

/// <summary>Clients of the other services that speak for the user of a page.</summary>
internal sealed class ServiceClients(IHttpClientFactory clients, AuthenticationStateProvider sessions)
{
    /// <summary>The Api.</summary>
    public Task<HttpClient> ApiAsync() => ForAsync("api");

    /// <summary>The gateway.</summary>
    public Task<HttpClient> GatewayAsync() => ForAsync("gateway");

    /// <summary>The notification service.</summary>
    public Task<HttpClient> NotificationsAsync() => ForAsync("notifications");

    private async Task<HttpClient> ForAsync(string service)
    {
        var session = await sessions.GetAuthenticationStateAsync();
        var client = clients.CreateClient();
        client.BaseAddress = new Uri($"http://{service}");
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            session.User.AccessToken()
        );
        return client;
    }
}
