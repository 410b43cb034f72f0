using System.Collections.Concurrent;

namespace RealtimeSuite.Gateway.Operations.Live;

/// <summary>How many events a second come on each channel of this replica. Counting is one look-up an event; rates are made anew by <see cref="Sample"/>.</summary>
internal sealed class ChannelActivity
{
    // A rate is a mean in which what is older counts less, so that it neither jumps at every event nor lags for long.
    private const double Weight = 0.3;
    private const double Silent = 0.01;

    private readonly ConcurrentDictionary<string, Activity> _channels = new(StringComparer.Ordinal);

    /// <summary>An event came on the channel.</summary>
    public void Count(string channel) =>
        Interlocked.Increment(ref _channels.GetOrAdd(channel, static _ => new Activity()).Events);

    /// <summary>Events a second; zero for a channel that is silent or unknown.</summary>
    public double RateOf(string channel) => _channels.TryGetValue(channel, out var activity) ? activity.Rate : 0;

    /// <summary>Makes the rates anew, and forgets channels that have fallen silent. For one caller.</summary>
    public void Sample(TimeSpan elapsed)
    {
        foreach (var (channel, activity) in _channels)
        {
            var events = Interlocked.Read(ref activity.Events);
            var current = (events - activity.Sampled) / elapsed.TotalSeconds;
            activity.Rate = activity.IsNew ? current : (Weight * current) + ((1 - Weight) * activity.Rate);
            activity.Sampled = events;
            activity.IsNew = false;
            if (activity.Rate < Silent)
            {
                _channels.TryRemove(channel, out _);
            }
        }
    }

    private sealed class Activity
    {
        public long Events;

        public long Sampled { get; set; }

        public double Rate { get; set; }

        public bool IsNew { get; set; } = true;
    }
}
