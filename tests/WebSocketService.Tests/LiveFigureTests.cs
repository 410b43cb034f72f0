using RealtimeSuite.Gateway.Operations.Live;
using RealtimeSuite.Gateway.Operations.Tail;

namespace RealtimeSuite.Gateway.Tests;

/// <summary>How operators' figures are made.</summary>
public sealed class LiveFigureTests
{
    [Fact]
    public void Quantiles_are_of_what_was_counted_between_two_readings()
    {
        var latency = new LatencyHistogram();
        latency.Record(20);
        var before = latency.Read();
        for (var i = 1; i <= 98; i++)
        {
            latency.Record(0.0025);
        }

        latency.Record(0.8);
        latency.Record(0.8);
        var now = latency.Read();
        Assert.InRange(LatencyHistogram.Quantile(0.5, before, now)!.Value, 0.002, 0.003);
        Assert.InRange(LatencyHistogram.Quantile(0.99, before, now)!.Value, 0.75, 1);
        Assert.Null(LatencyHistogram.Quantile(0.5, now, now));
    }

    [Fact]
    public void What_took_longer_than_the_last_bound_counts_as_that_bound()
    {
        var latency = new LatencyHistogram();
        var before = latency.Read();
        latency.Record(LatencyHistogram.Bounds[^1]);
        latency.Record(3600);
        Assert.Equal(LatencyHistogram.Bounds[^1], LatencyHistogram.Quantile(0.99, before, latency.Read()));
    }

    [Fact]
    public void A_channel_has_the_rate_of_its_last_seconds_and_is_forgotten_when_it_falls_silent()
    {
        var activity = new ChannelActivity();
        for (var i = 0; i < 100; i++)
        {
            activity.Count("products");
        }

        activity.Sample(TimeSpan.FromSeconds(1));
        Assert.Equal(100, activity.RateOf("products"));
        activity.Sample(TimeSpan.FromSeconds(1));
        Assert.InRange(activity.RateOf("products"), 60, 80);
        for (var i = 0; i < 60; i++)
        {
            activity.Sample(TimeSpan.FromSeconds(1));
        }

        Assert.Equal(0, activity.RateOf("products"));
        Assert.Equal(0, activity.RateOf("unknown"));
    }

    [Fact]
    public void The_tail_holds_so_many_steps_and_counts_the_rest()
    {
        var tail = new EventTail();
        Assert.False(tail.IsOn);
        tail.TurnOn(1);
        for (var i = 0; i < EventTail.Capacity + 7; i++)
        {
            tail.Add(
                new TailEntry(TailStep.Numbered, DateTimeOffset.UnixEpoch, $"{i}", "tick", "/tests", "topic:ticks")
            );
        }

        var (entries, dropped) = tail.Take();
        Assert.Equal(EventTail.Capacity, entries.Count);
        Assert.Equal("0", entries[0].Id);
        Assert.Equal(7, dropped);
        Assert.Equal(0, tail.Take().Dropped);
    }

    [Fact]
    public async Task A_reader_of_the_tail_that_is_too_slow_is_told_what_it_missed()
    {
        var reader = new TailReader();
        var entry = new TailEntry(TailStep.Numbered, DateTimeOffset.UnixEpoch, "1", "tick", "/tests", "topic:ticks");
        for (var i = 0; i < 40; i++)
        {
            reader.Add(new TailBatch("replica", Dropped: 1, [entry, entry]));
        }

        var first = await reader.NextAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal((8 * 3) + 1, first!.Dropped);
        var second = await reader.NextAsync(TimeSpan.FromMinutes(1), TestContext.Current.CancellationToken);
        Assert.Equal(1, second!.Dropped);
    }
}
