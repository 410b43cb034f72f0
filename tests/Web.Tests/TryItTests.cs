using Microsoft.Playwright;

namespace RealtimeSuite.Web.Tests;

/// <summary>The page whose buttons cause events.</summary>
public sealed class TryItTests(WebFixture web)
{
    private static readonly (string Card, string[] Buttons)[] Presses =
    [
        ("tasks", ["Create", "Complete"]),
        ("products", ["Add one", "Sell 3", "New price"]),
        ("orders", ["Place one", "Process", "Ship"]),
        ("books", ["Add one", "Borrow", "Bring back"]),
    ];

    private static readonly string[] Frames =
    [
        "task_update",
        "product_created",
        "inventory_updated",
        "price_updated",
        "order_created",
        "order_shipped",
        "book_update",
    ];

    [Fact]
    public async Task Each_button_makes_a_call_and_its_event_arrives_on_the_pages_own_socket()
    {
        await using var window = await web.OpenAsAsync(
            await web.NewPersonAsync("admin"),
            "/try-it",
            1440,
            900,
            ColorScheme.Dark
        );
        await window.ReadyAsync();
        foreach (var (card, buttons) in Presses)
        {
            var section = window.Page.Locator($"section[aria-labelledby={card}-head]");
            foreach (var button in buttons)
            {
                var made = await LastCallAsync(window);
                await section.GetByRole(AriaRole.Button, new LocatorGetByRoleOptions { Name = button }).ClickAsync();
                await Assertions.Expect(window.Page.Locator(".calls li").First).Not.ToHaveTextAsync(made);
            }
        }

        foreach (var frame in Frames)
        {
            await Assertions
                .Expect(window.Page.Locator("frame-list .pill", new() { HasTextString = frame }).First)
                .ToBeVisibleAsync();
        }

        await window.ExpectCountAsync(".calls .pill.bad", 0);
        await window.ShootAsync("try-it");
        window.ExpectNoTrouble();
    }

    [Fact]
    public async Task The_snippets_name_the_address_of_this_page_and_can_be_copied()
    {
        await using var window = await web.OpenAsAsync(await web.NewPersonAsync(), "/try-it");
        await window.ReadyAsync();
        var socket = web.Address.Replace("http", "ws", StringComparison.Ordinal) + "/ws";
        foreach (var id in new[] { "js", "dotnet", "python", "wscat" })
        {
            await window.ExpectTextAsync($"#snippet-{id}", socket);
        }

        await window.Page.Context.GrantPermissionsAsync(["clipboard-read", "clipboard-write"]);
        await window.Page.ClickAsync("copy-button[data-for=snippet-js] button");
        await window.ExpectTextAsync("copy-button[data-for=snippet-js]", "Copied");
        var copied = await window.Page.EvaluateAsync<string>("() => navigator.clipboard.readText()");
        Assert.Contains($"url: \"{socket}\"", copied, StringComparison.Ordinal);
    }

    private static async Task<string> LastCallAsync(Window window)
    {
        var calls = window.Page.Locator(".calls li");
        return await calls.CountAsync() == 0 ? "" : await calls.First.InnerTextAsync();
    }
}
