using System.Diagnostics;
using Microsoft.Playwright;
using RealtimeSuite.Testing.Servers;

namespace RealtimeSuite.Web.Tests;

/// <summary>A part of the suite hangs under an open page.</summary>
public sealed class AwayTests(WebFixture web)
{
    [Fact]
    public async Task While_a_part_is_away_the_page_says_so_in_words_keeps_what_it_has_and_recovers_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot stop a process for a while.");
        await using var window = await web.OpenAsAsync(await web.NewPersonAsync(), "/notifications");
        await window.ReadyAsync();
        await window.ExpectCountAsync(".notice", 0);

        var redis = (await web.Suite.ProcessesAsync("redis", 1)).Single();
        await ProcessSignal.StopAsync(redis);
        try
        {
            await window.ExpectTextAsync(".notices", "Redis is away");
            await window.ExpectTextAsync("h1", "Notifications");
        }
        finally
        {
            await ProcessSignal.ContinueAsync(redis);
        }

        await window.ExpectCountAsync(".notice", 0);
        await window.ExpectColourAsync("green");
        window.ExpectNoTrouble(except: "WebSocket");
    }

    [Fact]
    public async Task When_web_itself_is_killed_an_open_page_comes_back_alone_with_its_session()
    {
        await using var window = await web.OpenAsAsync(await web.NewPersonAsync(), "/try-it");
        await window.ReadyAsync();

        await window.Page.EvaluateAsync("() => { globalThis.isOfTheOldServer = true; }");
        using var process = Process.GetProcessById((await web.Suite.ProcessesAsync("web", 1)).Single());
        process.Kill();
        await window.ExpectColourAsync("red");
        await web.Suite.ReviveAsync("web", TestContext.Current.CancellationToken);

        await window.Page.WaitForFunctionAsync("() => !globalThis.isOfTheOldServer");
        await window.ReadyAsync();
        await window.ExpectColourAsync("green");
        await window.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Create" }).ClickAsync();
        await window.ExpectTextAsync("frame-list", "task_update");
    }
}
