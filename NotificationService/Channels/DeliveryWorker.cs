using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Microsoft.Extensions.Options;
using RealtimeSuite.Messaging;
using StackExchange.Redis;

namespace RealtimeSuite.Notifications.Channels;

/// <summary>
/// Carries deliveries over the channels, each channel in a loop of its own, so that neither a slow channel nor a dead one holds up
/// anything else. Delivery guarantee: at least once until the attempts are used up, then the delivery is in the channel's dead list.
/// </summary>
[SuppressMessage("Design", "CA1812", Justification = "Created by the host.")]
internal sealed partial class DeliveryWorker(
    IEnumerable<INotificationChannel> channels,
    DeliveryQueue queue,
    NotificationTelemetry telemetry,
    IOptions<DeliveryOptions> options,
    TimeProvider clock,
    ILogger<DeliveryWorker> logger
) : BackgroundService
{
    private readonly DeliveryOptions _options = options.Value;

    protected override Task ExecuteAsync(CancellationToken stoppingToken) =>
        Task.WhenAll(channels.Select(channel => RunAsync(channel, stoppingToken)));

    private async Task RunAsync(INotificationChannel channel, CancellationToken stopping)
    {
        telemetry.StartAtZero(channel.Name);
        while (!stopping.IsCancellationRequested)
        {
            try
            {
                var due = await queue.TakeAsync(channel.Name);
                await Task.WhenAll(due.Select(taken => DeliverAsync(channel, taken, stopping)));
                if (due.Length == 0)
                {
                    await Task.Delay(_options.PollInterval, clock, stopping);
                }
            }
            catch (OperationCanceledException) when (stopping.IsCancellationRequested)
            {
                return;
            }
            catch (Exception exception) when (exception.IsRedisFailure())
            {
                // What was taken comes again when its lease has ended.
                Log.RedisAway(logger, channel.Name, exception.Message);
                await Task.Delay(_options.PollInterval, clock, stopping)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    private async Task DeliverAsync(INotificationChannel channel, RedisValue taken, CancellationToken stopping)
    {
        Delivery delivery;
        try
        {
            delivery = Delivery.FromJson(((ReadOnlyMemory<byte>)taken).Span);
        }
        catch (JsonException exception)
        {
            Log.Unreadable(logger, channel.Name, exception.Message);
            telemetry.Delivered(channel.Name, DeliveryOutcome.Dead);
            await queue.BuryAsync(channel.Name, taken, taken);
            return;
        }

        var next = delivery with { Attempt = delivery.Attempt + 1 };
        if (await SendAsync(channel, next, stopping) is not { } failure)
        {
            await queue.CompleteAsync(channel.Name, taken);
            telemetry.Delivered(channel.Name, DeliveryOutcome.Sent);
            return;
        }

        next = next with { LastError = failure.Message };
        if (failure is UndeliverableException || next.Attempt >= _options.MaxAttempts)
        {
            Log.GivenUp(logger, next.Notification.Id, channel.Name, next.Attempt, failure.Message);
            await queue.BuryAsync(channel.Name, taken, next.ToJson());
            telemetry.Delivered(channel.Name, DeliveryOutcome.Dead);
        }
        else
        {
            Log.Failed(logger, next.Notification.Id, channel.Name, next.Attempt, failure.Message);
            await queue.PostponeAsync(channel.Name, taken, next);
            telemetry.Delivered(channel.Name, DeliveryOutcome.Failed);
        }
    }

    /// <summary>Why it could not be delivered, or null.</summary>
    [SuppressMessage(
        "Design",
        "CA1031",
        Justification = "Whatever a channel meets, the delivery is tried again or put aside with the reason."
    )]
    private async Task<Exception?> SendAsync(
        INotificationChannel channel,
        Delivery delivery,
        CancellationToken stopping
    )
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        deadline.CancelAfter(_options.Timeout);
        try
        {
            await channel.SendAsync(delivery, deadline.Token);
            return null;
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            throw;
        }
        catch (OperationCanceledException)
        {
            return new TimeoutException($"There was no answer within {_options.Timeout}.");
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The deliveries over {Channel} could not be read, trying on: {Reason}")]
        public static partial void RedisAway(ILogger logger, string channel, string reason);

        [LoggerMessage(LogLevel.Error, "A delivery over {Channel} cannot be read and was put aside: {Reason}")]
        public static partial void Unreadable(ILogger logger, string channel, string reason);

        [LoggerMessage(LogLevel.Warning, "Notification {Id} over {Channel} failed at attempt {Attempt}: {Reason}")]
        public static partial void Failed(ILogger logger, string id, string channel, int attempt, string reason);

        [LoggerMessage(
            LogLevel.Error,
            "Notification {Id} over {Channel} was put aside after attempt {Attempt}: {Reason}"
        )]
        public static partial void GivenUp(ILogger logger, string id, string channel, int attempt, string reason);
    }
}
