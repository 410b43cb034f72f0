using System.Net;

namespace RealtimeSuite.Web.Tests;

/// <summary>What Web tells a browser that its pages may do. That they can live with it is shown by every test that looks into a window.</summary>
public sealed class HeaderTests(WebFixture fixture)
{
    [Theory]
    [InlineData("/sign-in", HttpStatusCode.OK)]
    [InlineData("/icon.svg", HttpStatusCode.OK)]
    [InlineData("/no-such-page", null)]
    [InlineData("/api/tasks", HttpStatusCode.Unauthorized)]
    public async Task Every_answer_runs_only_scripts_of_ours_and_is_framed_by_nobody(
        string path,
        HttpStatusCode? status
    )
    {
        using var client = fixture.Client();
        using var answer = await client.GetAsync(path, TestContext.Current.CancellationToken);
        Assert.Equal(status ?? answer.StatusCode, answer.StatusCode);

        var policies = Directives(Assert.Single(answer.Headers.GetValues("Content-Security-Policy")));
        Assert.Equal("'self'", policies["script-src"]);
        Assert.Equal("'self'", policies["style-src"]);
        Assert.Equal("'none'", policies["frame-ancestors"]);
        Assert.Equal("'none'", policies["object-src"]);
        Assert.Equal("nosniff", Assert.Single(answer.Headers.GetValues("X-Content-Type-Options")));
        Assert.Equal("no-referrer", Assert.Single(answer.Headers.GetValues("Referrer-Policy")));
    }

    private static Dictionary<string, string> Directives(string policy) =>
        policy
            .Split(';', StringSplitOptions.TrimEntries)
            .Select(directive => directive.Split(' ', 2))
            .ToDictionary(parts => parts[0], parts => parts[1], StringComparer.Ordinal);
}
