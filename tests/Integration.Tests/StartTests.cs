using System.Diagnostics;

namespace RealtimeSuite.Integration.Tests;

/// <summary>A suite that cannot start says so, instead of waiting for what never comes.</summary>
public sealed class StartTests
{
    // Before the start is given up as one that takes too long.
    private static readonly TimeSpan Soon = TimeSpan.FromMinutes(2);

    [Fact]
    public async Task A_part_with_a_wrong_setting_fails_the_start_at_once_with_its_name_and_its_last_lines()
    {
        var started = Stopwatch.GetTimestamp();
        var failure = await Assert.ThrowsAsync<InvalidOperationException>(() =>
            Suite.StartAsync(
                withDashboard: false,
                TestContext.Current.CancellationToken,
                "--Gateway:Environment:Gateway__SendLoops=-1"
            )
        );
        Assert.StartsWith("The suite cannot start: 'gateway", failure.Message, StringComparison.Ordinal);
        Assert.Contains("SendLoops", failure.Message, StringComparison.Ordinal);
        Assert.InRange(Stopwatch.GetElapsedTime(started), TimeSpan.Zero, Soon);
    }
}
