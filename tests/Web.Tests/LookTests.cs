using Deque.AxeCore.Commons;
using Deque.AxeCore.Playwright;
using Microsoft.Playwright;

namespace RealtimeSuite.Web.Tests;

/// <summary>How pages look: on a phone and on a desk, light and dark, with a keyboard, and to those who do not see them.</summary>
public sealed class LookTests(WebFixture web)
{
    private static readonly Person Operator = new("admin1", "admin123");

    [Theory]
    [InlineData(320, 640, ColorScheme.Light)]
    [InlineData(1440, 900, ColorScheme.Dark)]
    [InlineData(1440, 900, ColorScheme.Light)]
    public async Task Every_page_fits_its_window_and_has_no_serious_violation(
        int width,
        int height,
        ColorScheme colours
    )
    {
        await using var window = await web.OpenAsAsync(Operator, "/try-it", width, height, colours);
        foreach (var path in Pages.All)
        {
            await window.Page.GotoAsync(path);
            await window.ExpectColourAsync("green");
            await window.ReadyAsync();
            await window.ShootAsync($"{path[1..]}-{width}-{colours}".ToLowerInvariant());

            var needed = await window.Page.EvaluateAsync<int>("() => document.documentElement.scrollWidth");
            Assert.True(needed <= width, $"{path} is {needed} px wide in a window of {width} px.");
            await ExpectNoSeriousViolationAsync(window, path);
        }

        window.ExpectNoTrouble();
    }

    [Fact]
    public async Task The_sign_in_page_has_no_serious_violation_in_either_theme()
    {
        foreach (var colours in new[] { ColorScheme.Light, ColorScheme.Dark })
        {
            await using var window = await web.OpenAsync(320, 640, colours);
            await window.Page.GotoAsync("/sign-in");
            await window.ShootAsync($"sign-in-{colours}".ToLowerInvariant());
            await ExpectNoSeriousViolationAsync(window, "/sign-in");
            window.ExpectNoTrouble();
        }
    }

    [Fact]
    public async Task The_theme_follows_the_system_until_another_is_chosen_and_the_choice_is_kept()
    {
        await using var window = await web.OpenAsAsync(
            await web.NewPersonAsync(),
            "/try-it",
            colours: ColorScheme.Dark
        );
        Assert.True(await IsDarkAsync(window));

        await window
            .Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Use light colours" })
            .ClickAsync();
        Assert.False(await IsDarkAsync(window));
        await window.Page.ReloadAsync();
        Assert.False(await IsDarkAsync(window));
    }

    [Fact]
    public async Task With_a_keyboard_one_can_skip_to_the_content_and_reach_every_page()
    {
        await using var window = await web.OpenAsAsync(await web.NewPersonAsync(), "/try-it");
        await window.ReadyAsync();
        await window.Page.EvaluateAsync("() => { document.body.tabIndex = -1; document.body.focus(); }");
        await window.Page.Keyboard.PressAsync("Tab");
        Assert.Equal("skip", await FocusedAsync(window, "className"));
        await window.Page.Keyboard.PressAsync("Enter");
        Assert.Equal("content", await FocusedAsync(window, "id"));

        await window
            .Page.GetByRole(AriaRole.Link, new PageGetByRoleOptions { Name = "Notifications" })
            .Last.FocusAsync();
        await window.Page.Keyboard.PressAsync("Enter");
        await window.Page.WaitForURLAsync("**/notifications");
        await Assertions.Expect(window.Page.Locator("h1")).ToHaveTextAsync("Notifications");
        window.ExpectNoTrouble();
    }

    private static async Task ExpectNoSeriousViolationAsync(Window window, string path)
    {
        var result = await window.Page.RunAxe(new AxeRunOptions { ResultTypes = [ResultType.Violations] });
        var serious = result
            .Violations.Where(violation => violation.Impact is "serious" or "critical")
            .SelectMany(violation => violation.Nodes.Select(node => $"{path}: {violation.Id}: {node.Html}"));
        Assert.Equal([], serious);
    }

    private static Task<string> FocusedAsync(Window window, string property) =>
        window.Page.EvaluateAsync<string>("name => document.activeElement[name]", property);

    private static Task<bool> IsDarkAsync(Window window) =>
        window.Page.EvaluateAsync<bool>(
            "() => getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number)[0] < 60"
        );
}
