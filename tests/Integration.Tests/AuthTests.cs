using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

public sealed class AuthTests(SuiteFixture fixture)
{
    private readonly Suite _suite = fixture.Suite;
    private readonly string _user = "u" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_ticket_is_new_each_time_and_in_no_cache()
    {
        using var api = As(_suite.TokenFor(_user));
        using var response = await api.PostAsync("/auth/ticket", null);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.True(response.Headers.CacheControl?.NoStore);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(["ticket", "expires_in"], answer.EnumerateObject().Select(property => property.Name));
        Assert.Equal(43, answer.GetProperty("ticket").GetString()!.Length);
        Assert.Equal(30, answer.GetProperty("expires_in").GetInt32());

        using var next = await api.PostAsync("/auth/ticket", null);
        Assert.NotEqual(
            answer.GetProperty("ticket").GetString(),
            (await next.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("ticket").GetString()
        );
    }

    [Fact]
    public async Task A_revoked_users_tokens_are_refused_and_a_new_login_is_welcome()
    {
        // Somebody else than the demo users, whose tokens other tests use in the same second.
        const string Password = "a long enough password";
        using var admin = await _suite.ApiAsAsync("admin1", "admin123");
        await admin.CallAsync(
            HttpMethod.Post,
            "/api/users",
            new
            {
                username = _user,
                password = Password,
                roles = new[] { "user" },
            },
            HttpStatusCode.Created
        );
        using var before = await _suite.ApiAsAsync(_user, Password);
        Assert.Equal(HttpStatusCode.NoContent, await RevokeAsync(admin, new { user_id = _user }));
        await RefusedAsync(before, "The token was revoked");

        using var after = await _suite.ApiAsAsync(_user, Password);
        using var response = await after.GetAsync("/auth/me");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task A_token_without_an_instant_of_issue_is_revoked_with_its_user()
    {
        using var admin = As(_suite.TokenFor("operator", "admin"));
        using var api = As(_suite.TokenFor(_user));
        Assert.Equal(HttpStatusCode.NoContent, await RevokeAsync(admin, new { user_id = _user }));
        await RefusedAsync(api, "The token was revoked");
    }

    [Fact]
    public async Task A_revoked_token_is_refused_and_the_same_users_other_token_is_not()
    {
        using var admin = As(_suite.TokenFor("operator", "admin"));
        var token = await _suite.LoginAsync("user1");
        using var revoked = As(token);
        using var other = await _suite.ApiAsAsync("user1");
        var id = new JsonWebToken(token).Id;
        Assert.Equal(HttpStatusCode.NoContent, await RevokeAsync(admin, new { token_id = id }));
        await RefusedAsync(revoked, "The token was revoked");
        using var response = await other.GetAsync("/auth/me");
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Theory]
    [InlineData("""{}""", "user_id")]
    [InlineData("""{"user_id":"a","token_id":"b"}""", "user_id")]
    [InlineData("""{"user_id":""}""", "user_id")]
    [InlineData("""{"token_id":""}""", "token_id")]
    public async Task What_is_revoked_is_either_a_user_or_a_token(string body, string field)
    {
        using var admin = As(_suite.TokenFor("operator", "admin"));
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        using var response = await admin.PostAsync("/auth/revoke", content);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.NotEmpty(problem.GetProperty("errors").GetProperty(field)[0].GetString()!);
    }

    [Fact]
    public async Task Only_an_admin_revokes()
    {
        using var user = As(_suite.TokenFor(_user, "user"));
        using var response = await user.PostAsJsonAsync("/auth/revoke", new { user_id = _user });
        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.Contains("error=\"insufficient_scope\"", Challenge(response), StringComparison.Ordinal);

        using var me = await user.GetAsync("/auth/me");
        Assert.Equal(HttpStatusCode.OK, me.StatusCode);
    }

    [Theory]
    [InlineData("/auth/ticket")]
    [InlineData("/auth/revoke")]
    public async Task Without_a_token_there_is_neither(string path)
    {
        using var api = _suite.Api();
        using var response = await api.PostAsJsonAsync(path, new { user_id = _user });
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", Challenge(response));
    }

    [Fact]
    public async Task A_bad_token_is_answered_with_what_is_wrong_with_it()
    {
        var past = TimeProvider.System.GetUtcNow().AddMinutes(-1);
        await RefusedAsync(As("nonsense"), null);
        await RefusedAsync(As(TestTokens.WithoutSignature(_user)), null);
        await RefusedAsync(As(TestTokens.For("", _suite.Secret)), "The token names no user");
        await RefusedAsync(As(TestTokens.For(_user, _suite.Secret, past)), "lifetime");
    }

    private HttpClient As(string token)
    {
        var client = _suite.Api();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", token);
        return client;
    }

    private static async Task<HttpStatusCode> RevokeAsync(HttpClient admin, object body)
    {
        using var response = await admin.PostAsJsonAsync("/auth/revoke", body);
        return response.StatusCode;
    }

    private static async Task RefusedAsync(HttpClient api, string? why)
    {
        using var response = await api.GetAsync("/auth/me");
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        Assert.StartsWith("Bearer error=\"invalid_token\"", Challenge(response), StringComparison.Ordinal);
        Assert.Contains(why ?? "", Challenge(response), StringComparison.Ordinal);
    }

    private static string Challenge(HttpResponseMessage response) => response.Headers.WwwAuthenticate.ToString();
}
