using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RealtimeSuite.Http;

namespace RealtimeSuite.ServiceDefaults.Tests;

/// <summary>Rate limits, bodies and preconditions, at the HTTP edge.</summary>
public sealed class RequestRuleTests(BackingFixture backing)
{
    private const int MoreThanAnyBurst = 200;

    [Fact]
    public async Task Who_asks_too_fast_is_told_to_wait_and_others_are_not_affected()
    {
        await using var host = await StartAsync(("RateLimits:RequestsPerSecond", "1"), ("RateLimits:Burst", "3"));
        using var rejected = await FirstOtherThanOkAsync(host);
        Assert.Equal(HttpStatusCode.TooManyRequests, rejected.StatusCode);
        Assert.InRange(rejected.Headers.RetryAfter!.Delta!.Value.TotalSeconds, 1, 60);
        Assert.Equal("application/problem+json", rejected.Content.Headers.ContentType?.MediaType);

        host.Client.DefaultRequestHeaders.Remove("X-User");
        host.Client.DefaultRequestHeaders.Add("X-User", "another");
        using var welcome = await host.Client.GetAsync("/limited");
        Assert.Equal(HttpStatusCode.OK, welcome.StatusCode);
    }

    [Fact]
    public async Task Services_have_a_limit_of_their_own()
    {
        await using var host = await StartAsync(("RateLimits:RequestsPerSecond", "1"), ("RateLimits:Burst", "3"));
        host.Client.DefaultRequestHeaders.Add("X-Role", "service");
        for (var i = 0; i < MoreThanAnyBurst; i++)
        {
            using var answer = await host.Client.GetAsync("/limited");
            Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
        }
    }

    [Theory]
    [InlineData("""{"text":"a","text":"b"}""", "text")]
    [InlineData("""{"text":"a","count":"many"}""", "count")]
    [InlineData("""{"text":"a","inner":{"count":true}}""", "inner.count")]
    [InlineData("""{"text":""", "text")]
    [InlineData("[]", "body")]
    public async Task A_body_that_is_not_as_expected_is_answered_with_the_name_of_the_field(string body, string field)
    {
        await using var host = await StartAsync();
        using var answer = await PostAsync(host, body);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        var problem = await answer.Content.ReadFromJsonAsync<JsonElement>();
        Assert.True(problem.GetProperty("errors").TryGetProperty(field, out _), problem.ToString());
        Assert.DoesNotContain("RealtimeSuite", problem.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_that_nests_too_deeply_is_refused_even_in_a_field_that_nobody_knows()
    {
        await using var host = await StartAsync();
        using var answer = await PostAsync(
            host,
            $$"""{"text":"a","unknown":{{new string('[', 40)}}{{new string(']', 40)}}}"""
        );
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
    }

    [Fact]
    public async Task An_unknown_field_is_ignored()
    {
        await using var host = await StartAsync();
        using var answer = await PostAsync(host, """{"text":"a","unknown":{"x":[1]}}""");
        Assert.Equal(HttpStatusCode.OK, answer.StatusCode);
    }

    [Theory]
    [InlineData(null, HttpStatusCode.OK)]
    [InlineData("*", HttpStatusCode.OK)]
    [InlineData("\"7\"", HttpStatusCode.OK)]
    [InlineData("\"1\", \"7\"", HttpStatusCode.OK)]
    [InlineData("\"6\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("W/\"7\"", HttpStatusCode.PreconditionFailed)]
    [InlineData("7", HttpStatusCode.BadRequest)]
    public async Task A_change_is_made_only_from_a_version_that_the_caller_names(
        string? header,
        HttpStatusCode expected
    )
    {
        await using var host = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Put, "/version7");
        if (header is not null)
        {
            request.Headers.TryAddWithoutValidation("If-Match", header);
        }

        using var answer = await host.Client.SendAsync(request);
        Assert.Equal(expected, answer.StatusCode);
    }

    private Task<WebHost> StartAsync(params (string Key, string Value)[] settings) =>
        WebHost.StartAsync(
            backing.Redis.Address,
            app =>
            {
                app.MapGet("/limited", () => "ok").WithRateLimit();
                app.MapPost("/echo", (Thing thing) => thing);
                app.MapPut(
                    "/version7",
                    (IfMatch ifMatch) => ifMatch.Allows(7) ? Results.Ok() : Results.StatusCode(412)
                );
            },
            settings
        );

    private static async Task<HttpResponseMessage> FirstOtherThanOkAsync(WebHost host)
    {
        for (var i = 0; i < MoreThanAnyBurst; i++)
        {
            var answer = await host.Client.GetAsync("/limited");
            if (answer.StatusCode != HttpStatusCode.OK)
            {
                return answer;
            }

            answer.Dispose();
        }

        throw new InvalidOperationException("No request was refused.");
    }

    private static async Task<HttpResponseMessage> PostAsync(WebHost host, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");
        return await host.Client.PostAsync("/echo", content);
    }

    private sealed record Thing(string? Text, int Count = 0, Thing? Inner = null);
}
