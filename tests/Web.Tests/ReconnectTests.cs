using Microsoft.Playwright;

namespace RealtimeSuite.Web.Tests;

/// <summary>
/// What seed 004 says of the browser: its colours, 1 s × 1.5 between attempts, ten attempts. The browser's script on a page of nothing else,
/// against a scripted gateway, with the browser's clock in the test's hands.
/// </summary>
public sealed class ReconnectTests(WebFixture web)
{
    private const string Probe =
        "<!doctype html><title>Status</title><connection-status></connection-status><script type=\"module\" src=\"/js/realtime.js\"></script>";
    private const string Greeting =
        """{"type":"connection","status":"connected","client_id":"7b0b6f0e-0000-4000-8000-000000000000","timestamp":"2026-01-01T00:00:00Z"}""";

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);
    private static readonly int[] Delays = [1000, 1500, 2250, 3375, 5063, 7594, 11391, 17086, 25629, 30000];

    private int _connections;
    private Action<IWebSocketRoute> _answer = _ => { };

    [Fact]
    public async Task It_is_orange_until_the_gateway_has_let_it_in_and_green_afterwards()
    {
        var socket = new TaskCompletionSource<IWebSocketRoute>(TaskCreationOptions.RunContinuationsAsynchronously);
        _answer = route => socket.TrySetResult(route);
        await using var window = await OpenAsync();
        await window.ExpectColourAsync("orange");
        await window.ExpectTextAsync(".status-text", "Connecting");

        // The page says so before the connection is made.
        (await socket.Task.WaitAsync(Patience)).Send(Greeting);
        await window.ExpectColourAsync("green");
        await window.ExpectTextAsync(".status-details", "7b0b6f0e-0000-4000-8000-000000000000");
    }

    [Fact]
    public async Task It_waits_one_second_and_then_half_as_long_again_up_to_thirty_and_gives_up_after_ten_attempts()
    {
        _answer = route => _ = route.CloseAsync(new WebSocketRouteCloseOptions { Code = 1013, Reason = "full" });
        await using var window = await OpenAsync();
        for (var attempt = 1; attempt <= Delays.Length; attempt++)
        {
            await window.ExpectTextAsync(".status-text", $"Reconnecting, attempt {attempt} of 10");
            await window.ExpectColourAsync("red");
            await window.ExpectTextAsync(".status-countdown", $"in {(Delays[attempt - 1] + 999) / 1000} s");

            await window.Page.Clock.RunForAsync(Delays[attempt - 1] - 1);
            Assert.Equal(attempt, Volatile.Read(ref _connections));
            await window.Page.Clock.RunForAsync(1);
        }

        await window.ExpectColourAsync("grey");
        await window.ExpectTextAsync(".status-text", "Gave up after 10 attempts");
        await window.Page.Clock.RunForAsync(120_000);
        Assert.Equal(1 + Delays.Length, Volatile.Read(ref _connections));

        _answer = route => route.Send(Greeting);
        await window.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Retry" }).ClickAsync();
        await window.ExpectColourAsync("green");
    }

    [Fact]
    public async Task A_session_that_is_over_is_told_with_the_way_to_sign_in()
    {
        _answer = route => _ = route.CloseAsync(new WebSocketRouteCloseOptions { Code = 4001, Reason = "expired" });
        await using var window = await OpenAsync();
        await window.ExpectColourAsync("grey");
        await window.ExpectTextAsync(".status-text", "Your session is over");
        await window.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = "Sign in" }).ClickAsync();
        await Assertions.Expect(window.Page).ToHaveURLAsync($"{web.Address}/sign-in?ended=True&return=%2Fprobe");
        await window.ExpectTextAsync(".hint", "Your session is over");
    }

    private async Task<Window> OpenAsync()
    {
        var window = await web.OpenAsync();
        var page = window.Page;
        await page.RouteAsync(
            "**/probe",
            route => route.FulfillAsync(new RouteFulfillOptions { ContentType = "text/html", Body = Probe })
        );
        await page.RouteWebSocketAsync(
            url => new Uri(url).AbsolutePath == "/ws",
            route =>
            {
                Interlocked.Increment(ref _connections);
                _answer(route);
            }
        );
        await page.Clock.InstallAsync(
            new ClockInstallOptions { TimeDate = new DateTime(2026, 1, 1, 0, 0, 0, DateTimeKind.Utc) }
        );
        await page.Clock.PauseAtAsync(new DateTime(2026, 1, 1, 0, 0, 1, DateTimeKind.Utc));
        await page.GotoAsync("/probe");
        return window;
    }
}
