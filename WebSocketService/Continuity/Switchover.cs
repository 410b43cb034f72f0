using Microsoft.Extensions.Options;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway.Continuity;

/// <summary>
/// From Redis to Kafka and back, without a gap and without duplicates. When the watchdog loses Redis, this replica reads Kafka itself from
/// the last positions it has heard. When Redis is back, it subscribes anew and holds back what comes; reads Kafka up to where it stood
/// after the subscriptions were there, so that what was published before them is delivered; and goes on with what it held back.
/// </summary>
internal sealed partial class Switchover(
    Watchdog watchdog,
    ChannelFeeds feeds,
    PositionBoard positions,
    KafkaTails tails,
    IOptions<GatewayOptions> gateway,
    IOptions<ContinuityOptions> options,
    TimeProvider clock,
    ILogger<Switchover> logger
) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(500);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!options.Value.KafkaTail)
        {
            return;
        }

        try
        {
            await tails.BeginAsync(positions, stoppingToken);
            while (true)
            {
                await watchdog.LostAsync(stoppingToken);
                KafkaPositions? start = positions.Freeze();
                while (start is not null)
                {
                    start = await BridgeAsync(start, stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    /// <summary>Delivers from Kafka until Redis is back. Answers from where on to begin again when it was lost once more in the end, else null.</summary>
    private async Task<KafkaPositions?> BridgeAsync(KafkaPositions start, CancellationToken stopping)
    {
        var started = clock.GetTimestamp();
        Log.ToKafka(logger);

        // What was read before the loss, and waits for a hole before it to be filled, comes before anything of the tail.
        await feeds
            .Suspend(start)
            .WaitAsync(gateway.Value.ReadTimeout * 2, clock, stopping)
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await using var tail = tails.Start(start);
        var losses = await CatchUpAsync(tail, start, stopping);
        var end = await tail.StopAsync();
        if (watchdog.Losses != losses)
        {
            return end;
        }

        feeds.Resume(end);
        positions.GoOn(end);
        if (watchdog.Losses != losses)
        {
            positions.Freeze();
            return end;
        }

        Log.ToRedis(logger, clock.GetElapsedTime(started), tail.Read);
        return null;
    }

    /// <summary>
    /// Ends when Redis holds back everything that the tail does not deliver. Answers how often Redis had been lost by then: a loss meanwhile,
    /// found again or not, leaves events between the two.
    /// </summary>
    private async Task<int> CatchUpAsync(KafkaTail tail, KafkaPositions start, CancellationToken stopping)
    {
        while (true)
        {
            await watchdog.FoundAsync(stopping);
            var losses = watchdog.Losses;
            if (await feeds.RenewAsync(gateway.Value.OpenTimeout))
            {
                await tail.CatchUpAsync(stopping);
                if (watchdog.Losses == losses)
                {
                    return losses;
                }

                _ = feeds.Suspend(start);
            }

            await Task.Delay(Pause, clock, stopping);
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Redis is away: this replica delivers straight from Kafka")]
        public static partial void ToKafka(ILogger logger);

        [LoggerMessage(
            LogLevel.Information,
            "Redis is back: events come through it again, after {Time} and {Records} records straight from Kafka"
        )]
        public static partial void ToRedis(ILogger logger, TimeSpan time, long records);
    }
}
