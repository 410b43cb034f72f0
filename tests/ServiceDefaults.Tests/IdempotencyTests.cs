using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RealtimeSuite.Http.Idempotency;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;

namespace RealtimeSuite.ServiceDefaults.Tests;

public sealed class IdempotencyTests(BackingFixture backing)
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _executions;

    public static TheoryData<string> BadKeys => ["", "a\tb", new string('k', 256)];

    private int Executions => Volatile.Read(ref _executions);

    [Fact]
    public async Task The_same_request_with_the_same_key_gets_the_first_answer_and_is_carried_out_once()
    {
        await using var host = await StartAsync();
        using var first = await SendAsync(host, "k1");
        using var again = await SendAsync(host, "k1");

        Assert.Equal(1, Executions);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(first.Headers.Location, again.Headers.Location);
        Assert.Equal(first.Headers.ETag, again.Headers.ETag);
        Assert.Equal(first.Content.Headers.ContentType, again.Content.Headers.ContentType);
        Assert.Equal(await first.Content.ReadAsStringAsync(), await again.Content.ReadAsStringAsync());
        Assert.False(first.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(["true"], again.Headers.GetValues("Idempotency-Replayed"));
    }

    [Fact]
    public async Task Requests_without_a_key_are_carried_out_each_time()
    {
        await using var host = await StartAsync();
        using var first = await SendAsync(host, key: null);
        using var again = await SendAsync(host, key: null);
        Assert.Equal(2, Executions);
    }

    [Theory]
    [InlineData("/things", "other")]
    [InlineData("/things?x=1", "body")]
    [InlineData("/others", "body")]
    public async Task Another_request_with_the_same_key_is_refused(string path, string body)
    {
        await using var host = await StartAsync();
        using var first = await SendAsync(host, "k1");
        using var other = await SendAsync(host, "k1", path, body);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, other.StatusCode);
        Assert.Equal("application/problem+json", other.Content.Headers.ContentType?.MediaType);
        Assert.Equal(1, Executions);
    }

    [Fact]
    public async Task The_keys_of_two_users_have_nothing_to_do_with_each_other()
    {
        await using var host = await StartAsync();
        using var first = await SendAsync(host, "k1");
        host.Client.DefaultRequestHeaders.Remove("X-User");
        host.Client.DefaultRequestHeaders.Add("X-User", "somebody-else" + Guid.NewGuid());
        using var other = await SendAsync(host, "k1", body: "other");
        Assert.Equal(HttpStatusCode.Created, other.StatusCode);
        Assert.Equal(2, Executions);
    }

    [Fact]
    public async Task Of_twenty_twins_one_is_carried_out_and_all_get_its_answer()
    {
        await using var host = await StartAsync(("Idempotency:Wait", "00:01:00"));
        var twins = Enumerable.Range(0, 20).Select(_ => SendAsync(host, "k1", "/slow")).ToArray();
        await Eventually.TrueAsync(() => Executions == 1, "one is under way");
        _gate.SetResult();
        var answers = await Task.WhenAll(twins);

        Assert.Equal(1, Executions);
        Assert.All(answers, answer => Assert.Equal(HttpStatusCode.Created, answer.StatusCode));
        Assert.Single(answers, answer => !answer.Headers.Contains("Idempotency-Replayed"));
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task A_twin_that_has_waited_long_enough_is_told_to_come_back()
    {
        await using var host = await StartAsync(("Idempotency:Wait", "00:00:00.100"));
        var first = SendAsync(host, "k1", "/slow");
        await Eventually.TrueAsync(() => Executions == 1, "the first is under way");
        using (var twin = await SendAsync(host, "k1", "/slow"))
        {
            Assert.Equal(HttpStatusCode.Conflict, twin.StatusCode);
            Assert.NotNull(twin.Headers.RetryAfter?.Delta);
        }

        _gate.SetResult();
        using var answer = await first;
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);
    }

    [Theory]
    [InlineData("/throws")]
    [InlineData("/fails")]
    public async Task A_failure_of_the_server_frees_the_key(string path)
    {
        await using var host = await StartAsync();
        using var first = await SendAsync(host, "k1", path);
        using var again = await SendAsync(host, "k1", path);
        Assert.Equal(HttpStatusCode.InternalServerError, first.StatusCode);
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(2, Executions);
    }

    [Fact]
    public async Task A_refusal_is_an_answer_like_others_and_is_given_again()
    {
        await using var host = await StartAsync();
        using var first = await SendAsync(host, "k1", "/refuses");
        using var again = await SendAsync(host, "k1", "/refuses");
        Assert.Equal(HttpStatusCode.Conflict, again.StatusCode);
        Assert.Equal(
            (await first.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("traceId").GetString(),
            (await again.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("traceId").GetString()
        );
        Assert.Equal(1, Executions);
    }

    [Fact]
    public async Task A_key_whose_process_died_is_free_after_its_lease()
    {
        var lease = TimeSpan.FromMinutes(2);
        await using var host = await StartAsync(
            ("Idempotency:Lease", lease.ToString()),
            ("Idempotency:Wait", "00:01:00")
        );
        var dead = SendAsync(host, "k1", "/slow");
        await Eventually.TrueAsync(() => Executions == 1, "the first is under way");
        var second = SendAsync(host, "k1", "/slow");

        // Only the first lease is to end, so not by being short.
        await using var redis = await backing.Redis.ConnectAsync();
        var user = host.Client.DefaultRequestHeaders.GetValues("X-User").Single();
        var key = IdempotencyStore.KeyOf(user, "k1");
        Assert.InRange((await redis.GetDatabase().KeyTimeToLiveAsync(key))!.Value, lease / 2, lease);
        await redis.GetDatabase().KeyExpireAsync(key, TimeSpan.FromMilliseconds(1));
        await Eventually.TrueAsync(() => Executions == 2, "the second is carried out");
        _gate.SetResult();
        using var late = await dead;
        using var answer = await second;
        Assert.Equal(HttpStatusCode.Created, answer.StatusCode);

        // What is kept is the answer of whoever had the key last.
        using var again = await SendAsync(host, "k1", "/slow");
        Assert.Equal(answer.Headers.Location, again.Headers.Location);
    }

    [Fact]
    public async Task A_key_is_forgotten_after_its_retention()
    {
        await using var host = await StartAsync(("Idempotency:Retention", "00:00:01"));
        using var first = await SendAsync(host, "k1");
        await Eventually.TrueAsync(
            async () =>
            {
                using var again = await SendAsync(host, "k1");
                return Executions == 2;
            },
            "the request is carried out again"
        );
    }

    [Theory]
    [MemberData(nameof(BadKeys))]
    public async Task A_key_of_no_known_form_is_refused(string key)
    {
        await using var host = await StartAsync();
        using var answer = await SendAsync(host, key);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        Assert.Equal(0, Executions);
    }

    [Fact]
    public async Task Without_redis_only_what_works_without_it_is_carried_out()
    {
        await using var redis = await GarnetServer.RunAsync();
        await using var host = await StartAsync(redis.Address + ",connectTimeout=500,syncTimeout=500,asyncTimeout=500");
        await redis.KillAsync();
        using var refused = await SendAsync(host, "k1");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal(0, Executions);
        using var done = await SendAsync(host, "k1", "/optional");
        Assert.Equal(HttpStatusCode.Created, done.StatusCode);
    }

    private Task<WebHost> StartAsync(params (string Key, string Value)[] settings) =>
        StartAsync(backing.Redis.Address, settings);

    private Task<WebHost> StartAsync(string redis, params (string Key, string Value)[] settings) =>
        WebHost.StartAsync(redis, Map, settings);

    private void Map(WebApplication app)
    {
        var group = app.MapGroup("").WithIdempotency();
        group.MapPost("/things", Execute);
        group.MapPost("/others", Execute);
        group.MapPost("/optional", Execute).WithIdempotency(worksWithoutStore: true);
        group.MapPost(
            "/slow",
            async (HttpContext context, BodyText body) =>
            {
                var number = Interlocked.Increment(ref _executions);
                await _gate.Task;
                return Created(context, number, body);
            }
        );
        group.MapPost(
            "/throws",
            (HttpContext context, BodyText body) =>
                Interlocked.Increment(ref _executions) is > 1 and var number
                    ? Created(context, number, body)
                    : throw new InvalidOperationException("The first time fails.")
        );
        group.MapPost(
            "/fails",
            (HttpContext context, BodyText body) =>
                Interlocked.Increment(ref _executions) is > 1 and var number
                    ? Created(context, number, body)
                    : Results.Problem(statusCode: StatusCodes.Status500InternalServerError)
        );
        group.MapPost(
            "/refuses",
            () =>
            {
                Interlocked.Increment(ref _executions);
                return Results.Problem("No.", statusCode: StatusCodes.Status409Conflict);
            }
        );
    }

    private IResult Execute(HttpContext context, BodyText body) =>
        Created(context, Interlocked.Increment(ref _executions), body);

    private static IResult Created(HttpContext context, int number, BodyText body)
    {
        context.Response.Headers.ETag = $"\"{number}\"";
        return Results.Created($"/things/{number}", body);
    }

    private static async Task<HttpResponseMessage> SendAsync(
        WebHost host,
        string? key,
        string path = "/things",
        string body = "body"
    )
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, path);
        request.Content = JsonContent.Create(new BodyText(body));
        if (key is not null)
        {
            request.Headers.TryAddWithoutValidation(IdempotencySetup.HeaderName, key);
        }

        return await host.Client.SendAsync(request);
    }

    private sealed record BodyText(string Text);
}
