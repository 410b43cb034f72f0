using System.Net;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Api.Tests;

public sealed class UserTests(ApiFixture fixture) : IDisposable
{
    private const string Password = "a-long-password";

    private readonly HttpClient _admin = fixture.Api.ClientOf("head", "admin");
    private readonly string _name = "u" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task A_user_that_an_admin_adds_signs_in_with_its_roles()
    {
        var user = await _admin.AddAsync("/api/users", Input(_name, "service"));
        Assert.False(user.TryGetProperty("password_hash", out _));
        var me = await SignInAsync(_name, Password);
        Assert.Equal(_name, me.GetProperty("user_id").GetString());
        Assert.Equal("service", me.GetProperty("roles")[0].GetString());
        await _admin.CallAsync(HttpMethod.Get, $"/api/users/{_name}");
    }

    [Fact]
    public async Task The_password_is_stored_as_a_hash_alone()
    {
        await _admin.AddAsync("/api/users", Input(_name));
        await using var redis = await fixture.Redis.ConnectAsync();
        var state = (await redis.GetDatabase().HashGetAsync($"user:{_name}", "state")).ToString();
        Assert.Contains("password_hash", state, StringComparison.Ordinal);
        Assert.DoesNotContain(Password, state, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("user1")]
    [InlineData(null)]
    public async Task A_name_is_given_once(string? name)
    {
        var input = Input(name ?? _name);
        if (name is null)
        {
            await _admin.AddAsync("/api/users", input);
        }

        await _admin.CallAsync(HttpMethod.Post, "/api/users", input, HttpStatusCode.Conflict);
    }

    [Fact]
    public async Task Only_admins_add_users_and_bad_input_is_named()
    {
        using var user = fixture.Api.ClientOf("somebody", "user");
        await user.CallAsync(HttpMethod.Post, "/api/users", Input(_name), HttpStatusCode.Forbidden);
        var problem = await _admin.CallAsync(
            HttpMethod.Post,
            "/api/users",
            new
            {
                username = "No Name",
                password = "short",
                roles = new[] { "king" },
            },
            HttpStatusCode.BadRequest
        );
        Assert.Equal(["password", "roles", "username"], problem.Fields());
    }

    [Fact]
    public async Task A_wrong_password_of_a_stored_user_and_an_unknown_one_get_the_same_answer()
    {
        await _admin.AddAsync("/api/users", Input(_name));
        var wrong = await LoginAsync(_name, "wrong", HttpStatusCode.Unauthorized);
        var unknown = await LoginAsync(_name + "x", Password, HttpStatusCode.Unauthorized);
        Assert.Equal(wrong.GetProperty("detail").GetString(), unknown.GetProperty("detail").GetString());
    }

    public void Dispose() => _admin.Dispose();

    private static object Input(string name, string role = "user") =>
        new
        {
            username = name,
            password = Password,
            roles = new[] { role },
        };

    private async Task<JsonElement> SignInAsync(string name, string password)
    {
        var answer = await LoginAsync(name, password, HttpStatusCode.OK);
        using var client = fixture.Api.Client();
        client.DefaultRequestHeaders.Add("Authorization", "Bearer " + answer.GetProperty("access_token").GetString());
        return await client.CallAsync(HttpMethod.Get, "/auth/me");
    }

    private async Task<JsonElement> LoginAsync(string name, string password, HttpStatusCode expected)
    {
        using var client = fixture.Api.Client();
        using var form = new FormUrlEncodedContent([new("username", name), new("password", password)]);
        using var answer = await client.PostAsync("/auth/login", form);
        Assert.Equal(expected, answer.StatusCode);
        return JsonElement.Parse(await answer.Content.ReadAsStringAsync());
    }
}
