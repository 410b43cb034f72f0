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
                await BridgeAsync(stoppingToken);
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The host stops.
        }
    }

    private async Task BridgeAsync(CancellationToken stopping)
    {
        var started = clock.GetTimestamp();
        var start = positions.Freeze();
        feeds.Suspend(start);
        Log.ToKafka(logger);
        await using var tail = tails.Start(start);
        while (true)
        {
            await watchdog.FoundAsync(stopping);
            if (await feeds.RenewAsync(gateway.Value.OpenTimeout))
            {
                await tail.CatchUpAsync(stopping);
                if (!watchdog.IsLost)
                {
                    break;
                }

                feeds.Suspend(start);
            }

            await Task.Delay(Pause, clock, stopping);
        }

        var end = await tail.StopAsync();
        feeds.Resume(end);
        positions.GoOn(end);
        Log.ToRedis(logger, clock.GetElapsedTime(started), tail.Read);
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
