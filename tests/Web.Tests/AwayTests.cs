using System.Diagnostics;

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
        await SignalAsync("STOP", redis);
        try
        {
            await window.ExpectTextAsync(".notices", "Redis is away");
            await window.ExpectTextAsync("h1", "Notifications");
        }
        finally
        {
            await SignalAsync("CONT", redis);
        }

        await window.ExpectCountAsync(".notice", 0);
        await window.ExpectColourAsync("green");
        window.ExpectNoTrouble(except: "WebSocket");
    }

    private static async Task SignalAsync(string signal, int pid)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{pid}"]);
        await kill.WaitForExitAsync();
    }
}
