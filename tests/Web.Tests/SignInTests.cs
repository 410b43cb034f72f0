using System.Net;
using System.Text.RegularExpressions;

namespace RealtimeSuite.Web.Tests;

/// <summary>Sessions, as HTTP sees them.</summary>
public sealed partial class SignInTests(WebFixture web)
{
    private static readonly Person User = new("user1", "user123");
    private static readonly Person Operator = new("admin1", "admin123");

    [Fact]
    public async Task Signing_in_sets_a_cookie_that_no_script_reads_and_no_other_site_sends()
    {
        using var client = web.Client();
        using var response = await client.SignInAsync(User);

        Assert.Equal(HttpStatusCode.Redirect, response.StatusCode);
        var cookie = response
            .Headers.GetValues("Set-Cookie")
            .Single(value => value.StartsWith("realtimesuite-session=", StringComparison.Ordinal));
        Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("samesite=lax", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("expires=", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("eyJ", cookie, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wrong_password_is_told_and_opens_no_session()
    {
        using var client = web.Client();
        using var response = await client.SignInAsync(User with { Password = "wrong" });

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Contains("do not belong together", await response.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using var page = await client.GetAsync(new Uri("/try-it", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Redirect, page.StatusCode);
    }

    [Fact]
    public async Task A_sign_in_form_that_no_page_of_ours_made_is_refused()
    {
        using var client = web.Client();
        using var form = new FormUrlEncodedContent([
            new("_handler", "sign-in"),
            new("Input.UserName", User.Name),
            new("Input.Password", User.Password),
        ]);
        using var response = await client.PostAsync(new Uri("/sign-in", UriKind.Relative), form);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.False(response.Headers.Contains("Set-Cookie"));
    }

    [Theory]
    [InlineData("/sign-in?return=/notifications", "/notifications")]
    [InlineData("/sign-in?return=https://elsewhere.example/", "/")]
    [InlineData("/sign-in?return=//elsewhere.example/", "/")]
    public async Task After_signing_in_the_way_leads_back_but_never_to_another_site(string path, string target)
    {
        using var client = web.Client();
        using var response = await client.SignInAsync(User, path);
        Assert.Equal(target, response.Headers.Location?.ToString());
    }

    [Fact]
    public async Task Pages_of_operators_are_for_operators()
    {
        using var nobody = web.Client();
        using var user = web.Client();
        using var boss = web.Client();
        (await user.SignInAsync(User)).Dispose();
        (await boss.SignInAsync(Operator)).Dispose();

        foreach (var path in new[] { "/live", "/connections", "/channels", "/events" })
        {
            var page = new Uri(path, UriKind.Relative);
            using var asked = await nobody.GetAsync(page);
            using var denied = await user.GetAsync(page);
            using var shown = await boss.GetAsync(page);
            Assert.StartsWith($"{web.Address}/sign-in", asked.Headers.Location?.ToString(), StringComparison.Ordinal);
            Assert.StartsWith($"{web.Address}/denied", denied.Headers.Location?.ToString(), StringComparison.Ordinal);
            Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
        }
    }

    [Fact]
    public async Task Signing_out_takes_a_form_of_a_page_of_ours_and_ends_the_session()
    {
        using var client = web.Client();
        (await client.SignInAsync(User)).Dispose();
        using var nothing = new FormUrlEncodedContent([]);
        using var forged = await client.PostAsync(new Uri("/sign-out", UriKind.Relative), nothing);
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);

        var page = await client.GetStringAsync(new Uri("/try-it", UriKind.Relative));
        using var form = new FormUrlEncodedContent(Forms.HiddenFields(page));
        using var left = await client.PostAsync(new Uri("/sign-out", UriKind.Relative), form);
        Assert.Equal("/sign-in", left.Headers.Location?.ToString());
        using var after = await client.GetAsync(new Uri("/try-it", UriKind.Relative));
        Assert.Equal(HttpStatusCode.Redirect, after.StatusCode);
    }

    [Fact]
    public async Task No_page_holds_a_token_an_inline_script_or_an_inline_handler()
    {
        using var client = web.Client();
        (await client.SignInAsync(Operator)).Dispose();
        foreach (var path in Pages.All.Append("/sign-in").Append("/not-found"))
        {
            var page = await client.GetStringAsync(new Uri(path, UriKind.Relative));
            Assert.DoesNotContain("eyJhbGciOi", page, StringComparison.Ordinal);
            Assert.DoesNotMatch(InlineScript(), page);
            Assert.DoesNotMatch(InlineHandler(), page);
        }
    }

    [GeneratedRegex("<script(?![^>]*\\ssrc=)", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InlineScript();

    [GeneratedRegex("<[a-z][^>]*\\son[a-z]+=", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex InlineHandler();
}
