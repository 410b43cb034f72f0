using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Net.WebSockets;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Web.Tests;

/// <summary>What Web forwards, and for whom it speaks then.</summary>
public sealed class ForwardingTests(WebFixture web)
{
    private static readonly Uri Tasks = new("/api/tasks", UriKind.Relative);

    [Fact]
    public async Task A_call_of_a_session_is_forwarded_with_its_token_and_one_of_nobody_without()
    {
        using var nobody = web.Client();
        using var refused = await nobody.GetAsync(Tasks);
        Assert.Equal(HttpStatusCode.Unauthorized, refused.StatusCode);
        Assert.Equal("application/problem+json", refused.Content.Headers.ContentType?.MediaType);

        using var client = await SignedInAsync();
        foreach (var path in new[] { "/api/tasks", "/api/notifications", "/api/notifications/unread-count" })
        {
            using var response = await client.GetAsync(new Uri(path, UriKind.Relative));
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        }
    }

    [Fact]
    public async Task A_write_of_a_session_counts_only_from_a_page_of_this_origin()
    {
        using var client = await SignedInAsync();
        Assert.Equal(HttpStatusCode.Created, await CreateAsync(client, web.Address));
        Assert.Equal(HttpStatusCode.Forbidden, await CreateAsync(client, "https://elsewhere.example"));
        Assert.Equal(HttpStatusCode.Forbidden, await CreateAsync(client, "null"));
        Assert.Equal(HttpStatusCode.Forbidden, await CreateAsync(client, origin: null));
    }

    [Fact]
    public async Task A_caller_with_a_token_of_its_own_speaks_for_itself()
    {
        var other = await web.NewPersonAsync();
        using var client = await SignedInAsync();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            web.Suite.TokenFor(other.Name, "user")
        );
        Assert.Equal(HttpStatusCode.Created, await CreateAsync(client, origin: null));

        using var direct = await web.Suite.ApiAsAsync(other.Name, other.Password);
        var list = await direct.GetFromJsonAsync<JsonElement>(Tasks);
        Assert.Equal(1, list.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task A_socket_of_a_session_is_let_in_from_this_origin_alone()
    {
        var person = await web.NewPersonAsync();
        var cookies = await CookiesAsync(person);
        var address = new Uri(web.Address.Replace("http", "ws", StringComparison.Ordinal) + "/ws");

        await using var socket = await SocketClient.ConnectAsync(address, ("Cookie", cookies), ("Origin", web.Address));
        var connected = await socket.ReadUntilAsync("connected");
        Assert.Equal(person.Name, connected.GetProperty("user_id").GetString());

        await Assert.ThrowsAsync<WebSocketException>(() => SocketClient.ConnectAsync(address, ("Cookie", cookies)));
        await Assert.ThrowsAsync<WebSocketException>(() =>
            SocketClient.ConnectAsync(address, ("Cookie", cookies), ("Origin", "https://elsewhere.example"))
        );
    }

    [Fact]
    public async Task A_socket_with_a_token_of_its_own_needs_no_session()
    {
        var token = web.Suite.TokenFor("somebody", "user");
        var address = new Uri(web.Address.Replace("http", "ws", StringComparison.Ordinal) + "/ws?token=" + token);
        await using var socket = await SocketClient.ConnectAsync(address);
        var connected = await socket.ReadUntilAsync("connected");
        Assert.Equal("somebody", connected.GetProperty("user_id").GetString());
    }

    private async Task<HttpClient> SignedInAsync()
    {
        var client = web.Client();
        (await client.SignInAsync(await web.NewPersonAsync())).Dispose();
        return client;
    }

    private async Task<string> CookiesAsync(Person person)
    {
        using var handler = new HttpClientHandler { AllowAutoRedirect = false };
        using var client = new HttpClient(handler) { BaseAddress = new Uri(web.Address) };
        (await client.SignInAsync(person)).Dispose();
        return handler.CookieContainer.GetCookieHeader(new Uri(web.Address));
    }

    private static async Task<HttpStatusCode> CreateAsync(HttpClient client, string? origin)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, Tasks);
        request.Content = JsonContent.Create(new { title = "From a page" });
        if (origin is not null)
        {
            request.Headers.Add("Origin", origin);
        }

        using var response = await client.SendAsync(request);
        return response.StatusCode;
    }
}
