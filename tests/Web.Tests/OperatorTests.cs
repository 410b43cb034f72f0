using System.Text.RegularExpressions;
using Microsoft.Playwright;
using RealtimeSuite.Testing.Servers;

namespace RealtimeSuite.Web.Tests;

/// <summary>What operators see and do: Live, Connections, Channels.</summary>
public sealed partial class OperatorTests(WebFixture web)
{
    private const string MessagesOut = ".tile:has-text('Messages out') .value";

    // The page keeps a replica that another test has killed for a minute, as silent; and what it had before it hears anew, as stale.
    private const string HeardReplicas = "tr[data-replica]:not([data-silent])";
    private const string FreshReplicas = ".operations:not(.stale) " + HeardReplicas;
    private static readonly TimeSpan UntilTheDeadAreForgotten = TimeSpan.FromSeconds(90);

    private static readonly Person Operator = new("admin1", "admin123");

    [Fact]
    public async Task Live_shows_every_replica_and_figures_that_move_though_the_browser_asks_for_nothing()
    {
        await using var window = await web.OpenAsAsync(Operator, "/live");
        await window.ReadyAsync();
        await window.ExpectCountAsync(FreshReplicas, 2);
        await window.ExpectCountAsync(".health .good", 4, UntilTheDeadAreForgotten);
        await window.ExpectCountAsync("tr[data-replica]", 2);
        await window.ExpectCountAsync(".chart .rz-chart", 4);
        await Assertions.Expect(window.Page.Locator(MessagesOut)).ToHaveTextAsync(Silence());

        var asked = new List<string>();
        window.Page.Request += (_, request) => asked.Add(request.Url);
        using var traffic = new Traffic(web.Suite, "user:admin1", eventsPerSecond: 50);
        await Assertions.Expect(window.Page.Locator(MessagesOut)).Not.ToHaveTextAsync(Silence());
        await window.ShootAsync("live-with-traffic");
        await traffic.EndAsync();
        await Assertions.Expect(window.Page.Locator(MessagesOut)).ToHaveTextAsync(Silence());
        Assert.Equal([], asked);
        window.ExpectNoTrouble();
    }

    [Fact]
    public async Task While_the_gateway_is_away_live_says_so_greys_what_it_has_and_goes_on_alone()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "Windows cannot stop a process for a while.");
        await using var window = await web.OpenAsAsync(Operator, "/live");
        await window.ReadyAsync();
        await window.ExpectCountAsync(FreshReplicas, 2);

        var replicas = await web.Suite.ProcessesAsync("gateway", 2);
        await ProcessSignal.StopAsync(replicas);
        try
        {
            await window.ExpectTextAsync(".problem", "The gateway does not answer. What you see is from");
            await window.ExpectCountAsync(".operations.stale " + HeardReplicas, 2);
        }
        finally
        {
            await ProcessSignal.ContinueAsync(replicas);
        }

        await window.ExpectCountAsync(FreshReplicas, 2);
        await window.ExpectCountAsync(".problem", 0);
        await window.ExpectColourAsync("green");
    }

    [Fact]
    public async Task An_operator_disconnects_a_user_whose_browser_says_so_and_connects_again()
    {
        var person = await web.NewPersonAsync();
        await using var theirs = await web.OpenAsAsync(person, "/notifications");
        await theirs.ReadyAsync();
        await theirs.WatchColourAsync();

        await using var window = await web.OpenAsAsync(Operator, "/connections");
        await window.ReadyAsync();
        await window.Page.GetByRole(AriaRole.Searchbox).FillAsync(person.Name);
        var theirRows = $"tr[data-client]:has-text('{person.Name}')";
        await window.ExpectCountAsync($"tr[data-client]:not(:has-text('{person.Name}'))", 0);
        await window.ExpectCountAsync(theirRows, 1);
        var client = await window.Page.Locator(theirRows).GetAttributeAsync("data-client");
        await ByNameAsync(window, $"The user {person.Name}: disconnect everywhere");
        await ByNameAsync(window, "Cancel");
        await window.ExpectCountAsync($"tr[data-client='{client}']", 1);

        await ByNameAsync(window, $"The user {person.Name}: disconnect everywhere");
        await window.ExpectTextAsync(".rz-dialog", $"End all connections of {person.Name} on every replica?");
        await window
            .Page.Locator(".rz-dialog .rz-button", new PageLocatorOptions { HasText = "Disconnect" })
            .ClickAsync();
        await window.ExpectTextAsync(".rz-notification", "One connection was ended.");

        await theirs.ExpectGreenAfterRedAsync();
        await window.ExpectCountAsync($"tr[data-client='{client}']", 0);
        await window.ExpectCountAsync(theirRows, 1);
        window.ExpectNoTrouble();
    }

    [Fact]
    public async Task Channels_tell_their_subscribers_and_where_they_stand()
    {
        var person = await web.NewPersonAsync();
        await using var theirs = await web.OpenAsAsync(person, "/notifications");
        await using var window = await web.OpenAsAsync(Operator, "/channels");
        await window.ReadyAsync();
        await window.Page.GetByRole(AriaRole.Searchbox).FillAsync(person.Name);
        var row = window.Page.Locator($"tr[data-channel='user:{person.Name}']");
        await Assertions.Expect(row.Locator("td").Nth(1)).ToContainTextAsync("1");
        for (var i = 0; i < 3; i++)
        {
            await web.Suite.PublishAsync("notifications", "demo.ping", new { i }, $"user:{person.Name}");
        }

        await Assertions.Expect(row.Locator("td").Nth(3)).ToContainTextAsync("3");
        window.ExpectNoTrouble();
    }

    [GeneratedRegex("^0\\s*/s$", RegexOptions.None, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Silence();

    private static Task ByNameAsync(Window window, string name) =>
        window
            .Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true })
            .First.ClickAsync();
}
