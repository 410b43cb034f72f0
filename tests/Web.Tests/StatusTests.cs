using System.Diagnostics;
using Microsoft.Playwright;

namespace RealtimeSuite.Web.Tests;

/// <summary>The status of the page's own socket, against the gateway.</summary>
public sealed class StatusTests(WebFixture web)
{
    private const int Before = 3;
    private const int Meanwhile = 5;

    [Fact]
    public async Task After_signing_in_it_is_green_and_tells_client_replica_and_round_trip()
    {
        await using var window = await web.OpenAsAsync(await web.NewPersonAsync(), "/try-it");
        await window.ExpectTextAsync(".status-text", "Live");

        var colours = await window.Page.EvaluateAsync<string[]>(
            """
            () => [
              getComputedStyle(document.querySelector(".bell"), "::after").backgroundColor,
              getComputedStyle(document.querySelector(".status-dot")).backgroundColor,
            ]
            """
        );
        Assert.Equal(colours[1], colours[0]);

        await window.Page.HoverAsync(".status-summary");
        await Assertions.Expect(window.Page.Locator(".status-details")).ToBeVisibleAsync();
        await window.ExpectTextAsync(".status-details", " ms");
        var details = await window.Page.Locator(".status-details").InnerTextAsync();
        Assert.Matches("Client\\s+[0-9a-f-]{36}", details);
        Assert.Matches("Replica\\s+\\S+-[0-9a-f]{8}", details);
        Assert.Matches("Round trip\\s+\\d+ ms", details);
        window.ExpectNoTrouble();
    }

    [Fact]
    public async Task When_its_replica_is_killed_it_comes_back_green_and_no_event_is_lost()
    {
        var person = await web.NewPersonAsync();
        await using var window = await web.OpenAsAsync(person, "/try-it");
        await window.ReadyAsync();
        using var api = await web.Suite.ApiAsAsync(person.Name, person.Password);
        await CreateTasksAsync(api, 0, Before);
        await window.ExpectCountAsync("frame-list li", Before);

        // Which of the replicas has the socket is not known: all of them die.
        await window.WatchColourAsync();
        foreach (var pid in await web.Suite.ProcessesAsync("gateway", 2))
        {
            using var process = Process.GetProcessById(pid);
            process.Kill();
        }

        await window.ExpectColourAsync("red");
        await CreateTasksAsync(api, Before, Meanwhile);
        await web.Suite.ReviveAsync("gateway", TestContext.Current.CancellationToken);

        await window.ExpectCountAsync("frame-list li", Before + Meanwhile);
        await window.ExpectGreenAfterRedAsync();
        window.ExpectNoTrouble(except: "WebSocket");
    }

    [Fact]
    public async Task When_the_token_is_revoked_the_page_says_so_and_asks_to_sign_in_again()
    {
        var person = await web.NewPersonAsync();
        await using var window = await web.OpenAsAsync(person, "/try-it");
        await window.ReadyAsync();

        using var api = await web.Suite.ApiAsAsync("admin1", "admin123");
        using var body = new StringContent(
            $$"""{"user_id":"{{person.Name}}"}""",
            System.Text.Encoding.UTF8,
            "application/json"
        );
        using var response = await api.PostAsync(new Uri("/auth/revoke", UriKind.Relative), body);
        response.EnsureSuccessStatusCode();

        await window.ExpectTextAsync(".plain .hint", "Your session is over");
        Assert.Equal($"{web.Address}/sign-in?return=%2Ftry-it&ended=True", window.Page.Url);
        window.ExpectNoTrouble();
    }

    private static async Task CreateTasksAsync(HttpClient api, int first, int count)
    {
        for (var number = first; number < first + count; number++)
        {
            using var body = new StringContent(
                $$"""{"title":"Task {{number}}"}""",
                System.Text.Encoding.UTF8,
                "application/json"
            );
            using var response = await api.PostAsync(new Uri("/api/tasks", UriKind.Relative), body);
            response.EnsureSuccessStatusCode();
        }
    }
}
