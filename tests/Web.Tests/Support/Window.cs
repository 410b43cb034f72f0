using System.Collections.Concurrent;
using Microsoft.Playwright;

namespace RealtimeSuite.Web.Tests;

/// <summary>A browser window of one visitor. It notes what went wrong in it: whatever the script or the browser wrote as an error.</summary>
public sealed class Window : IAsyncDisposable
{
    private const string Screenshots = "screenshots";

    private readonly IBrowserContext _context;
    private readonly ConcurrentQueue<string> _trouble = new();

    public Window(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) =>
        {
            if (message.Type == "error")
            {
                _trouble.Enqueue($"console: {message.Text} ({message.Location})");
            }
        };
        page.PageError += (_, error) => _trouble.Enqueue($"script: {error}");
    }

    public IPage Page { get; }

    /// <summary>The cookies of the visitor.</summary>
    public Task<IReadOnlyList<BrowserContextCookiesResult>> CookiesAsync() => _context.CookiesAsync();

    /// <summary>The connection status in the header.</summary>
    public ILocator Status => Page.Locator("connection-status");

    /// <summary>Fills the form of the sign-in page and waits for the page that was asked for.</summary>
    public async Task SignInAsync(Person person, string path = "/")
    {
        await Page.GotoAsync(path);
        await Page.FillAsync("#user-name", person.Name);
        await Page.FillAsync("#password", person.Password);
        await Page.ClickAsync("button[type=submit]");
        await Page.WaitForSelectorAsync("connection-status");
    }

    /// <summary>Waits for a colour of the connection status.</summary>
    public Task ExpectColourAsync(string colour) =>
        Assertions.Expect(Status).ToHaveAttributeAsync("data-colour", colour);

    /// <summary>Notes each colour of the connection status from now on, so that a short one is not missed.</summary>
    public Task WatchColourAsync() =>
        Page.EvaluateAsync(
            """
            () => {
              const status = document.querySelector("connection-status");
              window.colours = [];
              new MutationObserver(() => window.colours.push(status.dataset.colour))
                .observe(status, { attributeFilter: ["data-colour"] });
            }
            """
        );

    /// <summary>Waits until the status is green and has been red since <see cref="WatchColourAsync"/>.</summary>
    public Task ExpectGreenAfterRedAsync() =>
        Page.WaitForFunctionAsync("() => window.colours.includes('red') && window.colours.at(-1) === 'green'");

    /// <summary>Waits for an element with that text.</summary>
    public Task ExpectTextAsync(string selector, string text) =>
        Assertions.Expect(Page.Locator(selector).First).ToContainTextAsync(text);

    /// <summary>Waits until that many elements are there.</summary>
    public Task ExpectCountAsync(string selector, int count, TimeSpan? patience = null) =>
        Assertions
            .Expect(Page.Locator(selector))
            .ToHaveCountAsync(
                count,
                new LocatorAssertionsToHaveCountOptions { Timeout = (float?)patience?.TotalMilliseconds }
            );

    /// <summary>Waits until the page can be used: its circuit stands.</summary>
    public Task ReadyAsync() => Page.WaitForSelectorAsync("fieldset.page:not([disabled])");

    /// <summary>Keeps a picture in artifacts/screenshots.</summary>
    public Task ShootAsync(string name)
    {
        var folder = Path.Combine(AppContext.BaseDirectory, "..", "..", "..", Screenshots);
        return Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png") });
    }

    /// <summary>Fails when the browser wrote an error, other than one that the test expects.</summary>
    public void ExpectNoTrouble(string? except = null) =>
        Assert.Equal([], _trouble.Where(line => except is null || !line.Contains(except, StringComparison.Ordinal)));

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();
}
