using System.Diagnostics;

namespace Pipelines.Sockets.Unofficial.Tests;

/// <summary>Waits for conditions, always with a deadline.</summary>
internal static class Eventually
{
    /// <summary>Far beyond what any single step needs, also on a loaded machine.</summary>
    public static TimeSpan Deadline { get; } = TimeSpan.FromSeconds(30);

    /// <summary>
    /// The result of <paramref name="task"/>, or a failure naming <paramref name="what"/> after the deadline.
    /// </summary>
    public static async Task<T> InTime<T>(this Task<T> task, string what)
    {
        await ((Task)task).InTime(what);
        return await task;
    }

    /// <summary>
    /// Waits for <paramref name="task"/>, or fails naming <paramref name="what"/> after the deadline.
    /// </summary>
    public static async Task InTime(this Task task, string what)
    {
        if (await Task.WhenAny(task, Task.Delay(Deadline)) != task)
        {
            Assert.Fail($"Not within {Deadline.TotalSeconds} s: {what}.");
        }

        await task;
    }

    public static Task Becomes(Func<bool> condition, string what) => Becomes(() => Task.FromResult(condition()), what);

    /// <summary>
    /// Asks again and again until <paramref name="condition"/> holds; a failure to answer counts as "not yet".
    /// </summary>
    public static async Task Becomes(Func<Task<bool>> condition, string what)
    {
        var clock = Stopwatch.StartNew();
        Exception? last = null;
        while (clock.Elapsed < Deadline)
        {
            try
            {
                if (await condition())
                {
                    return;
                }
            }
            catch (Exception error) when (error is not Xunit.Sdk.XunitException)
            {
                last = error;
            }

            await Task.Delay(10);
        }

        Assert.Fail($"Not within {Deadline.TotalSeconds} s: {what}. {last?.Message}");
    }
}
