using System.Diagnostics;

namespace RealtimeSuite.Bench.Load;

/// <summary>
/// Sustained load: on each connection the next request follows the answer to the one before. What comes out is the throughput of
/// that many callers who wait, not the latency at a given rate.
/// </summary>
internal static class ClosedLoop
{
    /// <summary>Loads the target. An answer that is no success ends the measurement with an exception: a refused write is no write.</summary>
    public static async Task<Round> RunAsync(Target target, int connections, TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        var latencies = await Task.WhenAll(
            Enumerable.Range(0, connections).Select(number => CallAsync(target, number, started, duration))
        );
        if (target.Settle is not null)
        {
            await target.Settle();
        }

        var elapsed = Stopwatch.GetElapsedTime(started);
        return Round.Of([.. latencies.SelectMany(of => of)], elapsed);
    }

    private static async Task<List<TimeSpan>> CallAsync(Target target, int number, long started, TimeSpan duration)
    {
        var latencies = new List<TimeSpan>();
        using var client = target.Client(number);
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            using var request = target.Request();
            var sent = Stopwatch.GetTimestamp();
            using var answer = await client.SendAsync(request);
            latencies.Add(Stopwatch.GetElapsedTime(sent));
            answer.EnsureSuccessStatusCode();
        }

        return latencies;
    }
}
