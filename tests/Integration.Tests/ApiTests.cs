using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace RealtimeSuite.Integration.Tests;

public sealed class ApiTests(SuiteFixture fixture)
{
    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task The_demo_users_sign_in_and_me_says_who_they_are()
    {
        using var api = await _suite.ApiAsAsync("admin1", "admin123");
        var me = await api.GetFromJsonAsync<JsonElement>("/auth/me");
        Assert.Equal("admin1", me.GetProperty("user_id").GetString());
        Assert.Equal("admin", me.GetProperty("roles")[0].GetString());
    }

    [Fact]
    public async Task A_wrong_password_and_an_unknown_user_get_the_same_answer()
    {
        var wrong = await FailLoginAsync("user1", HttpStatusCode.Unauthorized);
        var unknown = await FailLoginAsync("nobody-knows", HttpStatusCode.Unauthorized);
        Assert.Equal(wrong.GetProperty("detail").GetString(), unknown.GetProperty("detail").GetString());
        Assert.Equal(32, wrong.GetProperty("traceId").GetString()!.Length);
    }

    [Fact]
    public async Task Many_failed_logins_of_one_name_are_slowed_down()
    {
        for (var i = 0; i < 10; i++)
        {
            await FailLoginAsync("guessed", HttpStatusCode.Unauthorized);
        }

        await FailLoginAsync("guessed", HttpStatusCode.TooManyRequests);
        Assert.NotEmpty(await _suite.LoginAsync("user1"));
    }

    [Fact]
    public async Task A_call_without_a_token_is_challenged()
    {
        using var api = _suite.Api();
        using var response = await api.GetAsync(
            new Uri("/api/tasks", UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.Single().Scheme);
    }

    [Fact]
    public async Task A_task_is_created_read_changed_completed_and_removed()
    {
        using var api = await _suite.ApiAsAsync("user1");
        using var created = await api.PostAsJsonAsync(
            "/api/tasks",
            new
            {
                title = "Write",
                description = "a book",
                due_at = "2030-01-02T03:04:05+01:00",
            }
        );
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var location = created.Headers.Location!;
        var task = await api.GetFromJsonAsync<JsonElement>(location);
        Assert.Equal("Write", task.GetProperty("title").GetString());
        Assert.Equal("2030-01-02T02:04:05.000Z", task.GetProperty("due_at").GetString());
        Assert.False(task.GetProperty("completed").GetBoolean());

        using var updated = await api.PutAsJsonAsync(location, new { title = "Write more" });
        Assert.Equal(
            "Write more",
            (await updated.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("title").GetString()
        );

        using var completed = await api.PostAsync(new Uri(location + "/complete", UriKind.Relative), null);
        Assert.True((await completed.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("completed").GetBoolean());

        using var removed = await api.DeleteAsync(location);
        Assert.Equal(HttpStatusCode.NoContent, removed.StatusCode);
        using var gone = await api.GetAsync(location);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
    }

    [Fact]
    public async Task The_tasks_of_others_do_not_exist()
    {
        using var owner = await _suite.ApiAsAsync("user1");
        using var created = await owner.PostAsJsonAsync("/api/tasks", new { title = "Mine" });
        using var other = await _suite.ApiAsAsync("user2");
        using var read = await other.GetAsync(created.Headers.Location);
        using var removed = await other.DeleteAsync(created.Headers.Location);
        Assert.Equal(HttpStatusCode.NotFound, read.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, removed.StatusCode);
    }

    [Fact]
    public async Task The_list_is_read_page_by_page_newest_first()
    {
        using var api = await _suite.ApiAsAsync("user2");
        for (var i = 0; i < 5; i++)
        {
            await api.PostAsJsonAsync("/api/tasks", new { title = $"page {i}" });
        }

        List<string> ids = [];
        string? cursor = null;
        do
        {
            var page = await api.GetFromJsonAsync<JsonElement>($"/api/tasks?limit=2&cursor={cursor}");
            ids.AddRange(
                page.GetProperty("items").EnumerateArray().Select(task => task.GetProperty("id").GetString()!)
            );
            cursor = page.GetProperty("next_cursor").GetString();
        } while (cursor is not null);

        Assert.True(ids.Count >= 5);
        Assert.Equal(ids.Distinct().OrderDescending(StringComparer.Ordinal), ids);
    }

    [Theory]
    [InlineData("""{}""", "title")]
    [InlineData("""{"title":"  "}""", "title")]
    public async Task Bad_input_is_refused_with_the_name_of_the_field(string body, string field)
    {
        using var api = await _suite.ApiAsAsync("user1");
        using var response = await PostAsync(api, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var problem = await response.Content.ReadFromJsonAsync<JsonElement>();
        Assert.NotEmpty(problem.GetProperty("errors").GetProperty(field)[0].GetString()!);
    }

    [Theory]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("""{"title":1}""")]
    [InlineData("")]
    public async Task A_body_that_is_no_task_is_answered_with_a_problem(string body)
    {
        using var api = await _suite.ApiAsAsync("user1");
        using var response = await PostAsync(api, body);
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
    }

    [Theory]
    [InlineData("?cursor=nonsense")]
    [InlineData("?limit=0")]
    [InlineData("?limit=201")]
    public async Task A_bad_page_is_refused(string query)
    {
        using var api = await _suite.ApiAsAsync("user1");
        using var response = await api.GetAsync(new Uri("/api/tasks" + query, UriKind.Relative));
        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
    }

    [Fact]
    public async Task The_openapi_document_names_every_path_and_the_bearer_scheme()
    {
        using var api = _suite.Api();
        var document = await api.GetFromJsonAsync<JsonElement>("/openapi/v1.json");
        Assert.Equal(
            [
                "/api/books",
                "/api/books/{id}",
                "/api/books/{id}/borrow",
                "/api/books/{id}/return",
                "/api/events",
                "/api/orders",
                "/api/orders/{id}",
                "/api/orders/{id}/cancel",
                "/api/orders/{id}/deliver",
                "/api/orders/{id}/payment",
                "/api/orders/{id}/ship",
                "/api/orders/{id}/status",
                "/api/products",
                "/api/products/{id}",
                "/api/products/{id}/inventory",
                "/api/products/{id}/price",
                "/api/products/{id}/status",
                "/api/tasks",
                "/api/tasks/{id}",
                "/api/tasks/{id}/complete",
                "/api/users",
                "/api/users/{id}",
                "/auth/login",
                "/auth/me",
                "/auth/revoke",
                "/auth/ticket",
            ],
            document
                .GetProperty("paths")
                .EnumerateObject()
                .Select(path => path.Name.TrimEnd('/'))
                .Order(StringComparer.Ordinal)
        );
        Assert.Equal(
            "http",
            document
                .GetProperty("components")
                .GetProperty("securitySchemes")
                .GetProperty("bearer")
                .GetProperty("type")
                .GetString()
        );
        Assert.True(
            document.GetProperty("paths").GetProperty("/auth/me").GetProperty("get").TryGetProperty("security", out _)
        );
    }

    [Theory]
    [InlineData("/health")]
    [InlineData("/alive")]
    public async Task Both_services_answer_the_probes(string path)
    {
        foreach (var client in new[] { _suite.Api(), _suite.Gateway() })
        {
            using (client)
            {
                Assert.Equal("Healthy", await client.GetStringAsync(new Uri(path, UriKind.Relative)));
            }
        }
    }

    private async Task<JsonElement> FailLoginAsync(string userName, HttpStatusCode expected)
    {
        using var api = _suite.Api();
        using var form = new FormUrlEncodedContent([new("username", userName), new("password", "wrong")]);
        using var response = await api.PostAsync(new Uri("/auth/login", UriKind.Relative), form);
        Assert.Equal(expected, response.StatusCode);
        Assert.Equal(expected == HttpStatusCode.TooManyRequests, response.Headers.RetryAfter is not null);
        return await response.Content.ReadFromJsonAsync<JsonElement>();
    }

    private static async Task<HttpResponseMessage> PostAsync(HttpClient api, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await api.PostAsync(new Uri("/api/tasks", UriKind.Relative), content);
    }
}
