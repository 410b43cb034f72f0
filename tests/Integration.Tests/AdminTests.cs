using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>What operators do with the connections of two replicas.</summary>
public sealed class AdminTests(SuiteFixture fixture)
{
    // The contract says a second; the machine may be busy with others.
    private static readonly TimeSpan AtOnce = TimeSpan.FromSeconds(5);

    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task Connections_and_channels_of_all_replicas_are_listed_page_by_page_without_tokens()
    {
        var (first, second) = await _suite.ConnectToBothReplicasAsync("listed");
        await using var firstSocket = first;
        await using var secondSocket = second;
        using var gateway = AsOperator();

        var all = await gateway.GetOfAllReplicasAsync("/api/v1/ws/admin/connections?user_id=listed");
        var items = all.GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal(2, all.GetProperty("replicas").GetInt32());
        Assert.Equal(2, all.GetProperty("answered").GetInt32());
        Assert.Equal(
            new[] { first.Replica, second.Replica }.Order(),
            items.Select(item => item.GetProperty("replica").GetString()!).Order()
        );
        Assert.All(items, item => Assert.Equal("listed", item.GetProperty("user_id").GetString()));
        Assert.All(items, item => Assert.Equal("user", item.GetProperty("surface").GetString()));
        Assert.All(items, item => Assert.Contains("user:listed", Texts(item.GetProperty("channels"))));
        Assert.DoesNotContain("token", all.ToString(), StringComparison.OrdinalIgnoreCase);

        var paged = new List<string>();
        string? cursor = null;
        do
        {
            var page = await gateway.GetOfAllReplicasAsync(
                $"/api/v1/ws/admin/connections?user_id=listed&limit=1&cursor={cursor}"
            );
            paged.AddRange(
                page.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("client_id").GetString()!)
            );
            cursor = page.GetProperty("next_cursor").GetString();
        } while (cursor is not null);
        Assert.Equal(items.Select(item => item.GetProperty("client_id").GetString()), paged);

        var channels = new Dictionary<string, int>(StringComparer.Ordinal);
        do
        {
            var page = await gateway.GetOfAllReplicasAsync($"/api/v1/ws/admin/channels?limit=2&cursor={cursor}");
            foreach (var channel in page.GetProperty("items").EnumerateArray())
            {
                channels.Add(
                    channel.GetProperty("channel").GetString()!,
                    channel.GetProperty("connections").GetInt32()
                );
            }

            cursor = page.GetProperty("next_cursor").GetString();
        } while (cursor is not null);
        Assert.Equal(2, channels["user:listed"]);
    }

    [Theory]
    [InlineData("users/")]
    [InlineData("channels/user:")]
    public async Task An_operator_disconnects_on_all_replicas_at_once(string what)
    {
        var user = "disconnected-" + Guid.NewGuid().ToString("N");
        var (first, second) = await _suite.ConnectToBothReplicasAsync(user);
        await using var firstSocket = first;
        await using var secondSocket = second;
        await using var bystander = await _suite.ConnectAsync("bystander");
        using var gateway = AsOperator();
        await gateway.GetOfAllReplicasAsync("/api/v1/ws/admin/channels");

        var started = Stopwatch.GetTimestamp();
        var answer = await DeleteAsync(gateway, "/api/v1/ws/admin/" + what + user, HttpStatusCode.OK);
        await Task.WhenAll(first.ReadToEndAsync(), second.ReadToEndAsync());
        var took = Stopwatch.GetElapsedTime(started);

        // One on each replica, of which one that took long to answer is not counted.
        Assert.Equal(2, answer.GetProperty("replicas").GetInt32());
        Assert.Equal(answer.GetProperty("answered").GetInt32(), answer.GetProperty("closed").GetInt32());
        Assert.Equal(4020, first.CloseCode);
        Assert.Equal(4020, second.CloseCode);
        Assert.True(took < AtOnce, $"It took {took}.");
        TestContext.Current.TestOutputHelper?.WriteLine($"{took.TotalMilliseconds:F0} ms");
        await bystander.SendAsync("ping");
        Assert.Equal("pong", (await bystander.ReadAsync()).GetProperty("type").GetString());
    }

    [Fact]
    public async Task An_operator_disconnects_one_connection_wherever_it_is()
    {
        var (first, second) = await _suite.ConnectToBothReplicasAsync("one-of-two");
        await using var firstSocket = first;
        await using var secondSocket = second;
        using var gateway = AsOperator();
        var page = await gateway.GetOfAllReplicasAsync("/api/v1/ws/admin/connections?user_id=one-of-two");
        var clientId = page.GetProperty("items")
            .EnumerateArray()
            .Single(item => item.GetProperty("replica").GetString() == second.Replica)
            .GetProperty("client_id")
            .GetString();

        await DeleteAsync(gateway, "/api/v1/ws/admin/connections/" + clientId, HttpStatusCode.OK);
        await second.ReadToEndAsync();
        Assert.Equal(4020, second.CloseCode);
        await first.SendAsync("ping");
        Assert.Equal("pong", (await first.ReadAsync()).GetProperty("type").GetString());
        await DeleteAsync(gateway, "/api/v1/ws/admin/connections/" + Guid.NewGuid(), HttpStatusCode.NotFound);
    }

    [Theory]
    [InlineData("GET", "connections")]
    [InlineData("GET", "channels")]
    [InlineData("DELETE", "connections/1")]
    [InlineData("DELETE", "users/user1")]
    [InlineData("DELETE", "channels/products")]
    public async Task Only_admins_may(string method, string path)
    {
        var address = new Uri("/api/v1/ws/admin/" + path, UriKind.Relative);
        using var gateway = _suite.Gateway();
        using var anonymous = new HttpRequestMessage(new HttpMethod(method), address);
        Assert.Equal(HttpStatusCode.Unauthorized, (await gateway.SendAsync(anonymous)).StatusCode);
        using var asUser = new HttpRequestMessage(new HttpMethod(method), address);
        asUser.Headers.Authorization = new AuthenticationHeaderValue("Bearer", _suite.TokenFor("user1", "user"));
        Assert.Equal(HttpStatusCode.Forbidden, (await gateway.SendAsync(asUser)).StatusCode);
    }

    [Theory]
    [InlineData("connections?limit=0")]
    [InlineData("connections?limit=201")]
    [InlineData("channels?cursor=!")]
    public async Task A_bad_page_is_refused(string query)
    {
        using var gateway = AsOperator();
        using var response = await gateway.GetAsync(new Uri("/api/v1/ws/admin/" + query, UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    private HttpClient AsOperator() => _suite.GatewayAs("operator", "admin");

    private static async Task<JsonElement> DeleteAsync(HttpClient client, string path, HttpStatusCode expected)
    {
        using var response = await client.DeleteAsync(new Uri(path, UriKind.Relative));
        Assert.Equal(expected, response.StatusCode);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static IEnumerable<string?> Texts(JsonElement array) =>
        array.EnumerateArray().Select(item => item.GetString());
}
