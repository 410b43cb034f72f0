using System.Net.Http.Json;
using Microsoft.Playwright;

[assembly: AssemblyFixture(typeof(RealtimeSuite.Web.Tests.WebFixture))]
[assembly: CollectionBehavior(DisableTestParallelization = true)]

namespace RealtimeSuite.Web.Tests;

/// <summary>One suite and one browser for all tests; each uses users of its own.</summary>
public sealed class WebFixture : IAsyncLifetime
{
    private const string Chromium = "/usr/bin/chromium";

    /// <summary>Generous: the machine may be busy with other tests.</summary>
    private const float Patience = 30_000;

    private const string Password = "a long enough password";

    private IPlaywright? _playwright;
    private IBrowser? _browser;
    private int _users;

    public Suite Suite { get; private set; } = null!;

    /// <summary>Where Web listens, without a slash at its end.</summary>
    public string Address { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        var cancellation = TestContext.Current.CancellationToken;
        Suite = await Suite.StartAsync(
            withDashboard: false,
            cancellation,
            "--Gateway:Environment:WEBSOCKET_MAX_CONNECTIONS_PER_USER=100",
            "--Web:Environment:Web__SessionCheckInterval=00:00:02",
            "--Web:Environment:Traces__Dashboard=https://traces.example"
        );
        Address = Suite.Address("web").ToString().TrimEnd('/');
        await Suite.Notifications.WaitForResourceHealthyAsync("web", cancellation);
        Assertions.SetDefaultExpectTimeout(Patience);
        if (File.Exists(Chromium))
        {
            _playwright = await Playwright.CreateAsync();
            _browser = await _playwright.Chromium.LaunchAsync(
                new BrowserTypeLaunchOptions
                {
                    ExecutablePath = Chromium,
                    Args =
                    [
                        "--no-sandbox",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-default-apps",
                        "--disable-sync",
                        "--no-first-run",
                        // What a page holds, as of now and without what is garbage already.
                        "--enable-precise-memory-info",
                        "--js-flags=--expose-gc",
                    ],
                }
            );
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_browser is not null)
        {
            await _browser.DisposeAsync();
        }

        _playwright?.Dispose();
        await Suite.DisposeAsync();
    }

    /// <summary>A client of Web that keeps cookies, and follows no redirect.</summary>
    public HttpClient Client() =>
        new(new HttpClientHandler { AllowAutoRedirect = false }) { BaseAddress = new Uri(Address) };

    /// <summary>Somebody new who can sign in.</summary>
    public async Task<Person> NewPersonAsync(params string[] roles)
    {
        var name = $"visitor{Interlocked.Increment(ref _users)}-{Guid.NewGuid().ToString("N")[..6]}";
        using var api = await Suite.ApiAsAsync("admin1", "admin123");
        using var response = await api.PostAsJsonAsync(
            "/api/users",
            new
            {
                username = name,
                password = Password,
                roles = roles is [] ? ["user"] : roles,
            }
        );
        Assert.True(response.IsSuccessStatusCode, await response.Content.ReadAsStringAsync());
        return new Person(name, Password);
    }

    /// <summary>A browser window of its own; the test is skipped where there is no browser.</summary>
    public async Task<Window> OpenAsync(int width = 1280, int height = 800, ColorScheme colours = ColorScheme.Light)
    {
        Assert.SkipWhen(_browser is null, $"{Chromium} is not installed.");
        var context = await _browser.NewContextAsync(
            new BrowserNewContextOptions
            {
                BaseURL = Address,
                ColorScheme = colours,

                // What is measured and looked at must not be on its way from one look to another.
                ReducedMotion = ReducedMotion.Reduce,
                ViewportSize = new ViewportSize { Width = width, Height = height },
            }
        );
        context.SetDefaultTimeout(Patience);
        return new Window(context, await context.NewPageAsync());
    }

    /// <summary>A window in which somebody is signed in, at a page, with a live connection.</summary>
    public async Task<Window> OpenAsAsync(
        Person person,
        string path = "/",
        int width = 1280,
        int height = 800,
        ColorScheme colours = ColorScheme.Light
    )
    {
        var window = await OpenAsync(width, height, colours);
        await window.SignInAsync(person, path);
        await window.ExpectColourAsync("green");
        return window;
    }
}

/// <summary>Somebody who can sign in.</summary>
public sealed record Person(string Name, string Password);
