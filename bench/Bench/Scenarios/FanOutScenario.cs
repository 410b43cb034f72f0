using RealtimeSuite.Bench.Load;
using RealtimeSuite.Bench.Measuring;
using RealtimeSuite.Bench.Publishing;
using RealtimeSuite.Bench.Reporting;
using RealtimeSuite.Bench.Servers;

namespace RealtimeSuite.Bench.Scenarios;

/// <summary>Every event to every socket: what a delivery costs, how long it takes, and the highest rate at which all come in time.</summary>
internal sealed class FanOutScenario : SocketScenario
{
    private const int Connections = 1000;
    private const int Low = 100;
    private const int High = 1000;

    // Coarse on purpose: a step is 1.5, less than what the machine's other work does to a rate.
    private static readonly int[] Ladder = [25, 50, Low, 150, 250, 400, 650, High, 1500, 2000, 3000, 4500, 6000, 9000];
    private static readonly TimeSpan WarmUp = TimeSpan.FromSeconds(2);

    public override string Name => "fanout";

    public override IReadOnlyCollection<string> Servers => ServerNames.All;

    public override IReadOnlyList<Column> Columns =>
        [
            new($"CPU s per million deliveries at {Low} events/s", Key(Low, "cpu"), "F2", Key(Low, "kept")),
            new("p99, ms", Key(Low, "p99"), "F0"),
            new($"CPU s per million at {High} events/s", Key(High, "cpu"), "F2", Key(High, "kept")),
            new("p99, ms", Key(High, "p99"), "F0"),
            new("highest rate kept, events/s", "highest", "F0"),
            new("bytes a frame", "frame", "F0"),
        ];

    public override string Describe(CrowdOptions options) =>
        $"{options.Connections ?? Connections} sockets, events with {options.Bytes} bytes of data. Kept: all came, once and in order, p99 under 250 ms.";

    public override async Task<Dictionary<string, double>> MeasureAsync(SocketServer server, CrowdOptions options)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        if (options.Rates.Count > 0)
        {
            await MeasureAsync(server, options, options.Rates, values);
            return values;
        }

        var (kept, failed) = (-1, Ladder.Length);
        foreach (var rate in new[] { Low, High })
        {
            var place = Array.IndexOf(Ladder, rate);
            if (failed > place)
            {
                (kept, failed) = await MeasureAsync(server, options, [rate], values) ? (place, failed) : (kept, place);
            }
        }

        while (failed - kept > 1)
        {
            var middle = (kept + failed) / 2;
            (kept, failed) = await MeasureAsync(server, options, [Ladder[middle]], values)
                ? (middle, failed)
                : (kept, middle);
        }

        values["highest"] = kept < 0 ? 0 : Ladder[kept];
        return values;
    }

    public override void Draw(IReadOnlyList<IGrouping<string, Sample>> servers, string folder)
    {
        var points = servers.Select(server => new Series(server.Key, Points(server, "deliveries", "p99")));
        LogPlot.Write(
            Path.Combine(folder, "deliveries.svg"),
            new Axis("deliveries a second", 10_000, 10_000_000),
            new Axis("p99 from publishing to the socket, ms", 1, 10_000),
            [.. points]
        );
        var costs = servers.Select(server => new Series(server.Key, Points(server, "deliveries", "cpu")));
        LogPlot.Write(
            Path.Combine(folder, "cpu.svg"),
            new Axis("deliveries a second", 10_000, 10_000_000),
            new Axis("CPU of the server, microseconds a delivery", 0.1, 100),
            [.. costs]
        );
    }

    /// <summary>A point for each rate: medians of the rounds.</summary>
    private static List<(double X, double Y)> Points(IEnumerable<Sample> rounds, string x, string y) =>
        [
            .. Ladder
                .Select(rate => (X: Median(rounds, Key(rate, x)), Y: Median(rounds, Key(rate, y))))
                .Where(point => point is { X: > 0, Y: > 0 }),
        ];

    private static double Median(IEnumerable<Sample> rounds, string key)
    {
        var values = rounds.Where(round => round.Values.ContainsKey(key)).Select(round => round.Values[key]).ToList();
        return values.Count == 0 ? 0 : Spread.Of(values).Median;
    }

    private static string Key(int rate, string figure) => $"{rate} {figure}";

    /// <summary>Measures rates on a server without a past: what an earlier rate has piled up would count against it. True when the last was kept.</summary>
    private static async Task<bool> MeasureAsync(
        SocketServer server,
        CrowdOptions options,
        IEnumerable<int> rates,
        Dictionary<string, double> values
    )
    {
        await server.KillAsync();
        await server.StartAsync();
        using var crowd = Connected(server, options.Connections ?? Connections);
        using var publisher = new Publisher(server.PublishPort, server.ToAll(options.Bytes));
        if (Delivery.Measure(server, crowd, publisher, Low / 2, WarmUp, crowd.Readers).Count == 0)
        {
            throw new InvalidOperationException($"{server.Name} delivers nothing: this is no measurement.");
        }

        var isKept = false;
        foreach (var rate in rates)
        {
            var measured = Delivery.Measure(server, crowd, publisher, rate, options.Duration(4), crowd.Readers);
            Console.WriteLine($"{server.Name}: {measured}");
            isKept = measured.IsKept;
            values[Key(rate, "deliveries")] = measured.PerSecond;
            values[Key(rate, "p50")] = measured.P50;
            values[Key(rate, "p99")] = measured.P99;
            values[Key(rate, "cpu")] = measured.CpuPerMillion;
            values[Key(rate, "kept")] = isKept ? 1 : 0;
            values["frame"] = measured.FrameBytes;
        }

        return isKept;
    }
}
