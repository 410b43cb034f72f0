using System.Diagnostics;

namespace RealtimeSuite.Testing;

/// <summary>Waits for a condition, as long as it may take and no longer.</summary>
public static class Eventually
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan Default = TimeSpan.FromSeconds(30);

    /// <summary>Returns when the condition holds; throws a sentence when it does not in time.</summary>
    public static async Task TrueAsync(
        Func<Task<bool>> condition,
        string what,
        TimeSpan? patience = null,
        Func<string>? details = null
    )
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            if (Stopwatch.GetElapsedTime(started) > (patience ?? Default))
            {
                throw new TimeoutException($"Not within {patience ?? Default}: {what}.\n{details?.Invoke()}");
            }

            await Task.Delay(Pause);
        }
    }

    /// <summary>The same for a condition without waits.</summary>
    public static Task TrueAsync(
        Func<bool> condition,
        string what,
        TimeSpan? patience = null,
        Func<string>? details = null
    ) => TrueAsync(() => Task.FromResult(condition()), what, patience, details);
}
