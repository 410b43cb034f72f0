using System.Text.Json;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Operations.Fleet;
using StackExchange.Redis;

namespace RealtimeSuite.Gateway.Operations.Tail;

/// <summary>
/// While somebody reads the tail: a few times a second, gives what this replica has seen to its own readers and, on Redis, to those of the
/// others. Whoever reads says so again and again; when nobody has for <see cref="Lease"/>, it is over.
/// </summary>
internal sealed class TailPublisher(
    GatewayTelemetry telemetry,
    TailReaders readers,
    Watchdog watchdog,
    IConnectionMultiplexer redis,
    Replica replica,
    TimeProvider clock
) : BackgroundService
{
    /// <summary>How long a reader counts after it was last heard.</summary>
    public static readonly TimeSpan Lease = TimeSpan.FromSeconds(4);

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(250);

    private readonly EventTail _tail = telemetry.Deliveries.Tail;

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                if (_tail.IsOn)
                {
                    Publish();
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private void Publish()
    {
        if (clock.GetElapsedTime(_tail.WantedAt) > Lease)
        {
            _tail.TurnOff();
            return;
        }

        var (entries, dropped) = _tail.Take();
        if (entries.Count == 0 && dropped == 0)
        {
            return;
        }

        var batch = new TailBatch(replica.Id, dropped, entries);
        readers.Take(batch);
        if (!watchdog.IsLost)
        {
            _ = redis
                .GetSubscriber()
                .PublishAsync(
                    RedisChannel.Literal(FleetChannels.Tail),
                    JsonSerializer.SerializeToUtf8Bytes(batch, FleetJson.Default.TailBatch),
                    CommandFlags.FireAndForget
                );
        }
    }
}
