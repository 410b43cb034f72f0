using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Operations.Health;
using RealtimeSuite.Gateway.Presence;
using RealtimeSuite.Messaging;

namespace RealtimeSuite.Gateway.Operations.Live;

/// <summary>
/// Looks at this replica's counters each second, and remembers the last 15 minutes, so that whoever opens a chart sees it filled. Walks
/// over the connections once; nothing on the way of an event knows of it.
/// </summary>
internal sealed class FiguresSampler(
    ConnectionRegistry registry,
    PresenceBoard presence,
    ChannelHub hub,
    ChannelFeeds feeds,
    GatewayTelemetry telemetry,
    LedgerAudit audit,
    MessagingMetrics messaging,
    Drain drain,
    [FromKeyedServices(BackingProbe.Redis)] BackingProbe redis,
    [FromKeyedServices(BackingProbe.Kafka)] BackingProbe kafka,
    Replica replica,
    TimeProvider clock
) : BackgroundService
{
    /// <summary>What a point of the history covers.</summary>
    public static readonly TimeSpan Step = TimeSpan.FromSeconds(5);

    private const int SamplesPerStep = 5;
    private const int LatencyWindow = 10;
    private const int MaxPoints = 180;

    private static readonly TimeSpan Interval = Step / SamplesPerStep;

    private readonly DateTimeOffset _startedAt = clock.GetUtcNow();
    private readonly Queue<Counters> _recent = new();
    private readonly Lock _lock = new();
    private readonly Queue<FiguresPoint> _points = new();
    private Counters? _stepBegan;
    private FiguresPoint? _newest;
    private ReplicaFigures? _latest;

    /// <summary>The last sample; null before the first.</summary>
    public ReplicaFigures? Latest => Volatile.Read(ref _latest);

    /// <summary>The last 15 minutes, oldest first.</summary>
    public IReadOnlyList<FiguresPoint> History
    {
        get
        {
            lock (_lock)
            {
                return [.. _points];
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var first = Count(telemetry.Ledger.Read());
        _recent.Enqueue(first);
        _stepBegan = first;
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            for (var sample = 1; await timer.WaitForNextTickAsync(stoppingToken); sample++)
            {
                Sample(sample % SamplesPerStep == 0);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private void Sample(bool isStep)
    {
        var ledger = telemetry.Ledger.Read(out var queuedBytes);
        var now = Count(ledger);
        var before = _recent.Last();
        telemetry.Deliveries.Channels.Sample(clock.GetElapsedTime(before.Timestamp, now.Timestamp));
        _recent.Enqueue(now);
        if (_recent.Count > LatencyWindow + 1)
        {
            _recent.Dequeue();
        }

        var figures = Figures(ledger, queuedBytes, before, now);
        if (isStep)
        {
            _newest = Point(figures, _stepBegan!, now);
            _stepBegan = now;
            Remember(_newest);
        }

        Volatile.Write(ref _latest, figures with { Point = _newest });
    }

    private ReplicaFigures Figures(LedgerState ledger, long queuedBytes, Counters before, Counters now)
    {
        var oldest = _recent.Peek();
        return new ReplicaFigures
        {
            Replica = replica.Id,
            At = clock.GetUtcNow(),
            StartedAt = _startedAt,
            IsStopping = drain.IsDraining,
            Connections = registry.Count,
            Users = presence.Users,
            Channels = hub.Channels.Count(),
            EventsIn = Rate(now.Delivered - before.Delivered, before, now),
            EventsNumbered = Rate(now.Numbered - before.Numbered, before, now),
            MessagesOut = Rate(now.Written - before.Written, before, now),
            LatencyP50 = Milliseconds(LatencyHistogram.Quantile(0.5, oldest.Latency, now.Latency)),
            LatencyP99 = Milliseconds(LatencyHistogram.Quantile(0.99, oldest.Latency, now.Latency)),
            QueuedMessages = ledger.Waiting,
            QueuedBytes = queuedBytes,
            Dropped = ledger.Dropped,
            KafkaLag = messaging.Lag,
            Redis = redis.WasHealthy && feeds.IsLive,
            Kafka = kafka.WasHealthy,
            IsBridging = !feeds.IsLive,
            Ledger = ledger,
            LedgerMissing = audit.Alarm,
            Cpu = 100 * (now.Cpu - before.Cpu) / clock.GetElapsedTime(before.Timestamp, now.Timestamp),
            Memory = Environment.WorkingSet,
        };
    }

    private FiguresPoint Point(ReplicaFigures figures, Counters began, Counters now) =>
        new(
            figures.At,
            figures.Connections,
            Rate(now.Delivered - began.Delivered, began, now),
            Rate(now.Written - began.Written, began, now),
            Milliseconds(LatencyHistogram.Quantile(0.5, began.Latency, now.Latency)),
            Milliseconds(LatencyHistogram.Quantile(0.99, began.Latency, now.Latency)),
            figures.QueuedBytes,
            figures.KafkaLag
        );

    private void Remember(FiguresPoint point)
    {
        lock (_lock)
        {
            _points.Enqueue(point);
            if (_points.Count > MaxPoints)
            {
                _points.Dequeue();
            }
        }
    }

    private Counters Count(LedgerState ledger) =>
        new(
            clock.GetTimestamp(),
            telemetry.Deliveries.Delivered,
            telemetry.Deliveries.Numbered,
            ledger.Delivered,
            telemetry.Deliveries.Latency.Read(),
            Environment.CpuUsage.TotalTime
        );

    // A connection that ends while the ledger is read may count a moment later: never backwards.
    private double Rate(long count, Counters before, Counters now) =>
        Math.Round(Math.Max(0, count) / clock.GetElapsedTime(before.Timestamp, now.Timestamp).TotalSeconds, 1);

    private static double? Milliseconds(double? seconds) => seconds is { } known ? Math.Round(known * 1000, 1) : null;

    private sealed record Counters(
        long Timestamp,
        long Delivered,
        long Numbered,
        long Written,
        long[] Latency,
        TimeSpan Cpu
    );
}
