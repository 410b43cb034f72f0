using Microsoft.Playwright;

namespace RealtimeSuite.Web.Tests;

/// <summary>The bell and the list, in two windows of one user.</summary>
public sealed class NotificationTests(WebFixture web)
{
    [Fact]
    public async Task An_event_caused_in_one_window_appears_in_another_and_the_unread_count_agrees_everywhere()
    {
        var person = await web.NewPersonAsync();
        await using var first = await web.OpenAsAsync(person, "/try-it");
        await using var second = await web.OpenAsAsync(person, "/notifications");
        await second.ExpectTextAsync(".pill", "All read");

        await CompleteTaskAsync(first, "Feed the cat");
        await CompleteTaskAsync(first, "Water the plants");
        await first.ExpectTextAsync(".badge", "2");
        await second.ExpectTextAsync(".badge", "2");
        await second.ExpectCountAsync(".note.unread", 2);
        await second.ExpectTextAsync(".inbox", "Feed the cat");
        await second.ShootAsync("notifications");

        await second.Page.Locator(".note.unread").First.GetByRole(AriaRole.Button).First.ClickAsync();
        await second.ExpectCountAsync(".note.unread", 1);
        await first.ExpectTextAsync(".badge", "1");
        await first.Page.ReloadAsync();
        await first.ExpectTextAsync(".badge", "1");

        await Button(second, "Mark all as read").ClickAsync();
        await second.ExpectTextAsync(".pill", "All read");
        await first.ExpectCountAsync(".badge", 0);
        await Button(second, "Delete: ").First.ClickAsync();
        await second.ExpectCountAsync(".note", 1);
        await second.Page.ReloadAsync();
        await second.ExpectCountAsync(".note", 1);
        first.ExpectNoTrouble();
        second.ExpectNoTrouble();
    }

    private static async Task CompleteTaskAsync(Window window, string title)
    {
        await window.Page.FillAsync("#task-title", title);
        var created = await window.Page.Locator(".calls li", new() { HasTextString = "POST" }).CountAsync();
        await Button(window, "Create").ClickAsync();
        await window.ExpectCountAsync(".calls .pill.good", created + 1);
        await Button(window, "Complete").ClickAsync();
        await window.ExpectCountAsync(".calls .pill.good", created + 2);
    }

    private static ILocator Button(Window window, string name) =>
        window.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name });
}
