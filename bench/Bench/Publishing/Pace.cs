using System.Diagnostics;
using RealtimeSuite.Bench.Sockets;

namespace RealtimeSuite.Bench.Publishing;

/// <summary>Says how many of an even sequence of events are due. What is due together, within a millisecond, goes together.</summary>
internal static class Pace
{
    private const long Tick = 1_000_000;

    /// <summary>Calls for all events in turn, on this thread, as they become due.</summary>
    /// <param name="rate">Events a second.</param>
    /// <param name="count">How many.</param>
    /// <param name="most">How many may go together.</param>
    /// <param name="publish">Gets how many are due.</param>
    public static Published Run(double rate, long count, int most, Action<int> publish)
    {
        var period = 1e9 / rate;
        var begin = Stopwatch.GetTimestamp();
        long sent = 0;
        while (sent < count)
        {
            var now = Stopwatch.GetTimestamp();
            var due = Math.Min(count, (long)((now - begin) / period) + 1);
            if (due == sent)
            {
                Libc.SleepUntil(Math.Max(begin + (long)(sent * period), now + Tick));
                continue;
            }

            var many = (int)Math.Min(most, due - sent);
            publish(many);
            sent += many;
        }

        return new Published(sent, begin, Math.Max(Stopwatch.GetTimestamp(), begin + (long)(count * period)));
    }
}
