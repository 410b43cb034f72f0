using System.Diagnostics.Metrics;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;
using RealtimeSuite.Gateway.Operations.Tail;

namespace RealtimeSuite.Gateway.Operations.Live;

/// <summary>
/// What operators see of the events that pass this replica. Called once an event, never once a connection; takes no memory while nobody
/// reads the tail.
/// </summary>
internal sealed class DeliveryWatch(Meter meter)
{
    private readonly Histogram<double> _latency = meter.CreateHistogram(
        "realtime_delivery_latency_seconds",
        "s",
        "From the time of an event to its queueing on the sockets of this replica.",
        tags: null,
        new InstrumentAdvice<double> { HistogramBucketBoundaries = LatencyHistogram.Bounds }
    );

    private long _delivered;
    private long _numbered;

    /// <summary>How long events took.</summary>
    public LatencyHistogram Latency { get; } = new();

    /// <summary>How busy channels are.</summary>
    public ChannelActivity Channels { get; } = new();

    /// <summary>The events one by one, while somebody reads them.</summary>
    public EventTail Tail { get; } = new();

    /// <summary>Events that were given to connections here.</summary>
    public long Delivered => Volatile.Read(ref _delivered);

    /// <summary>Events that this replica numbered.</summary>
    public long Numbered => Volatile.Read(ref _numbered);

    /// <summary>An event was given to the connections of its channel.</summary>
    public void FannedOut(ChannelEvent channelEvent, int bytes, in FanOut fanOut, DateTimeOffset now)
    {
        Interlocked.Increment(ref _delivered);
        Channels.Count(channelEvent.Channel);
        if (channelEvent.Event.Time is { } time)
        {
            // A producer's clock may be ahead of this one.
            var seconds = Math.Max(0, (now - time).TotalSeconds);
            Latency.Record(seconds);
            _latency.Record(seconds);
        }

        if (Tail.IsOn)
        {
            Tail.Add(TailEntry.Delivered(channelEvent, bytes, fanOut, now));
        }
    }

    /// <summary>Events were numbered; those that were known before have the number zero.</summary>
    public void WereNumbered(IReadOnlyList<AddressedEvent> events, Appended appended, DateTimeOffset now)
    {
        Interlocked.Add(ref _numbered, appended.New);
        if (!Tail.IsOn)
        {
            return;
        }

        for (var i = 0; i < events.Count; i++)
        {
            if (appended.Offsets[i] > 0)
            {
                Tail.Add(TailEntry.Numbered(events[i], appended.Offsets[i], now));
            }
        }
    }
}
