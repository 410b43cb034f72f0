using Microsoft.Playwright;

namespace RealtimeSuite.Web.Tests;

/// <summary>The live tail of events, by its page.</summary>
public sealed class TailTests(WebFixture web)
{
    private const string Rows = ".tail-row:not(.head)";

    private static readonly Person Operator = new("admin1", "admin123");

    [Fact]
    public async Task A_test_event_shows_its_way_from_kafka_to_the_sockets_and_links_to_its_trace()
    {
        await using var window = await OpenAsync();
        await ClickAsync(window, "Publish a test event");
        await window.Page.GetByLabel("Type").FillAsync("demo.way");
        await window.Page.GetByLabel("Audience").FillAsync("user:admin1");
        await window.Page.GetByLabel("Data").FillAsync("no json");
        await ClickAsync(window, "Publish");
        await window.ExpectTextAsync(".publish .problem", "The data is no JSON");

        await window.Page.GetByLabel("Data").FillAsync("""{ "secret": "s3cret" }""");
        await ClickAsync(window, "Publish");
        await window.ExpectTextAsync(".way h2", "demo.way");
        await window.ExpectTextAsync(".way li:nth-child(1)", "/web/events");
        await window.ExpectTextAsync(".way li:nth-child(2)", "Kafka partition");
        await window.ExpectTextAsync(".way li:nth-child(3)", "user:admin1");
        await window.ExpectTextAsync(".way li:nth-child(3)", "offset");
        await window.ExpectTextAsync(".way li.reached", "socket");
        Assert.Matches(
            "^https://traces.example/traces/detail/[0-9a-f]{32}$",
            await window.Page.Locator(".way a").GetAttributeAsync("href")
        );
        Assert.DoesNotContain("s3cret", await window.Page.Locator(".way").InnerTextAsync(), StringComparison.Ordinal);
        await window.ShootAsync("events-way");
        window.ExpectNoTrouble();
    }

    [Fact]
    public async Task The_tail_can_be_filtered_and_paused()
    {
        await using var window = await OpenAsync();

        // Events of other tests may still arrive and push these out of sight.
        await SearchAsync(window, "quiet-");
        await web.Suite.PublishAsync("notifications", "demo.filtered", new { }, "user:quiet-1");
        await web.Suite.PublishAsync("notifications", "demo.other", new { }, "user:quiet-2");
        await window.ExpectTextAsync($"{Rows}:has-text('demo.filtered')", "quiet-1");
        await window.ExpectTextAsync($"{Rows}:has-text('demo.other')", "quiet-2");
        await SearchAsync(window, "QUIET-1");
        await window.ExpectCountAsync(Rows, 1);
        await window.Page.GetByLabel("Which events").SelectOptionAsync("Reached");
        await window.ExpectCountAsync(Rows, 0);
        await window.Page.GetByLabel("Which events").SelectOptionAsync("Nobody");
        await window.ExpectCountAsync(Rows, 1);

        await ClickAsync(window, "Pause");
        await window.ExpectTextAsync(".page-head", "paused");
        await web.Suite.PublishAsync("notifications", "demo.filtered", new { }, "user:quiet-1");
        await using (var other = await OpenAsync())
        {
            await SearchAsync(other, "quiet-1");
            await other.ExpectCountAsync(Rows, 2);
        }

        await window.ExpectCountAsync(Rows, 1);
        await ClickAsync(window, "Go on");
        await window.ExpectCountAsync(Rows, 2);
        window.ExpectNoTrouble();
    }

    [Fact]
    public async Task With_a_thousand_events_a_second_the_page_stays_responsive_and_does_not_grow()
    {
        await using var window = await OpenAsync();
        using var traffic = new Traffic(web.Suite, "user:nobody-at-all", eventsPerSecond: 1000);
        await window.ExpectTextAsync(".page-head", "of the newest 2,000");
        var before = await MeasureAsync(window);
        var after = await MeasureAsync(window);
        var shown = await window.Page.Locator(".page-head .pill").InnerTextAsync();

        // It answers while they come.
        await SearchAsync(window, "fits nothing at all");
        await window.ExpectCountAsync(Rows, 0);
        await SearchAsync(window, "");
        await window.ExpectTextAsync(Rows, "demo.load");
        await window.ShootAsync("events-at-1000");
        await traffic.EndAsync();

        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{traffic.Rate:F0} events/s sent, {shown} shown; {before}; {after}"
        );
        // Of a page that stands still nearly every frame is long; one long frame may be the machine's.
        Assert.True(after.P95 < 1500, $"The page stood still: {after}");
        Assert.True(after.Elements < before.Elements + 200, $"The page grows: {before}, {after}");
        Assert.True(after.HeapMegabytes < before.HeapMegabytes + 32, $"Its memory grows: {before}, {after}");
        window.ExpectNoTrouble();
    }

    /// <summary>Frames over three seconds, and what the page holds then.</summary>
    private static async Task<Frames> MeasureAsync(Window window)
    {
        var measured = await window.Page.EvaluateAsync<double[]>(
            """
            () => new Promise((resolve) => {
              const frames = [];
              const started = performance.now();
              let last = started;
              const frame = (now) => {
                frames.push(now - last);
                last = now;
                if (now - started < 3000) {
                  requestAnimationFrame(frame);
                } else {
                  gc();
                  frames.sort((left, right) => left - right);
                  resolve([
                    frames[Math.floor(frames.length / 2)],
                    frames[Math.floor(frames.length * 0.95)],
                    frames.at(-1),
                    document.querySelectorAll("*").length,
                    performance.memory.usedJSHeapSize / 1048576,
                  ]);
                }
              };
              requestAnimationFrame(frame);
            })
            """
        );
        return new Frames(measured[0], measured[1], measured[2], (int)measured[3], measured[4]);
    }

    private async Task<Window> OpenAsync()
    {
        var window = await web.OpenAsAsync(Operator, "/events");
        await window.ReadyAsync();
        await window.ExpectTextAsync(".page-head", "told by 2 replicas");
        return window;
    }

    private static Task SearchAsync(Window window, string text) =>
        window.Page.GetByRole(AriaRole.Searchbox).FillAsync(text);

    private static Task ClickAsync(Window window, string name) =>
        window.Page.GetByRole(AriaRole.Button, new PageGetByRoleOptions { Name = name, Exact = true }).ClickAsync();

    private sealed record Frames(double Median, double P95, double LongestFrame, int Elements, double HeapMegabytes)
    {
        public override string ToString() =>
            $"frames of {Median:F0} ms (p95 {P95:F0}, longest {LongestFrame:F0}), {Elements} elements, {HeapMegabytes:F1} MB";
    }
}
