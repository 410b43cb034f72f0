using System.Text;
using RealtimeSuite.Bench.Measuring;
using RealtimeSuite.Bench.Publishing;
using RealtimeSuite.Bench.Sockets;

namespace RealtimeSuite.Bench.Tests;

/// <summary>What the figures rest on.</summary>
public sealed class CountingTests
{
    [Fact]
    public void Percentiles_are_right_to_two_of_a_hundred_at_any_length()
    {
        foreach (var unit in new[] { 1_000L, 1_000_000, 1_000_000_000 })
        {
            var latencies = new Latencies();
            for (var i = 1; i <= 1000; i++)
            {
                latencies.Add(i * unit);
            }

            Assert.InRange(latencies.Percentile(50), 500 * unit / 1e6, 510 * unit / 1e6);
            Assert.InRange(latencies.Percentile(99), 990 * unit / 1e6, 1000 * unit / 1e6);
            Assert.Equal(1000 * unit / 1e6, latencies.Percentile(100));
        }
    }

    [Fact]
    public void No_latency_has_no_percentile() => Assert.Equal(0, new Latencies().Percentile(99));

    [Fact]
    public void Gaps_repetitions_and_late_events_are_told_apart()
    {
        var member = new Member(0);

        Arrival[] arrivals = [.. new long[] { 5, 6, 9, 7, 7, 9, 10, 8, 100, 9 }.Select(member.Note)];

        Assert.Equal(
            [
                Arrival.Next,
                Arrival.Next,
                Arrival.BehindGap,
                Arrival.Late,
                Arrival.Again,
                Arrival.Again,
                Arrival.Next,
                Arrival.Late,
                Arrival.BehindGap,
                Arrival.Again,
            ],
            arrivals
        );
    }

    [Fact]
    public void An_event_has_the_length_asked_for_and_its_mark()
    {
        var template = Template.Of(Template.Data(200));
        var bytes = new byte[template.Length];

        template.Write(bytes, time: 0x1234, number: 0xab, user: 7);

        Assert.Equal(200, bytes.Length);
        Assert.Contains("\"~t0000000000001234000000ab\"", Encoding.ASCII.GetString(bytes), StringComparison.Ordinal);
        Assert.Equal(0xab, EventMark.ReadHex("000000ab"u8));
    }
}
