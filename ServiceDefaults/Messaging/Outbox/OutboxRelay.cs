using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RealtimeSuite.Concurrency;
using StackExchange.Redis;

namespace RealtimeSuite.Messaging.Outbox;

/// <summary>
/// Carries the outbox to Kafka: read, send, wait for every acknowledgement, remove. Delivery guarantee: at least once, in the order of
/// the list. A crash after sending and before removing sends the same events (same ids) again; receivers deduplicate by id.
/// The producer is idempotent and never gives up on an event while the broker is away, so nothing is overtaken.
/// </summary>
[SuppressMessage("Design", "CA1812", Justification = "Created by the host.")]
internal sealed partial class OutboxRelay(
    OutboxList outbox,
    IProducer<string, byte[]> producer,
    MessagingMetrics metrics,
    IOptions<OutboxOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider clock,
    ILogger<OutboxRelay> logger
) : BackgroundService
{
    private static readonly TimeSpan RetryWait = TimeSpan.FromMilliseconds(500);

    private readonly WakeSignal _wake = new();

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var listening = false;
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                if (!listening)
                {
                    await outbox.ListenAsync(_wake.Set);
                    listening = true;
                    metrics.Relayed(0);
                }

                if (!await HoldAsync() || !await RelayAsync(stoppingToken))
                {
                    await _wake.WaitAsync(options.Value.IdleWait, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception) when (exception.IsRedisFailure())
            {
                Log.RedisAway(logger, exception.Message);
                await PauseAsync(stoppingToken);
            }
            catch (KafkaException exception) when (exception.Error.IsFatal)
            {
                // The client is of no use any more. The events stay in the outbox for the next process.
                Log.Fatal(logger, exception);
                lifetime.StopApplication();
                break;
            }
            catch (KafkaException exception)
            {
                Log.NotSent(logger, exception.Error.Reason);
                await PauseAsync(stoppingToken);
            }
        }

        await GiveBackAsync();
    }

    /// <summary>Whether the outbox is this replica's to relay, and to measure.</summary>
    private async Task<bool> HoldAsync()
    {
        if (await outbox.HoldAsync())
        {
            return true;
        }

        metrics.Outbox(0, TimeSpan.Zero);
        return false;
    }

    private Task PauseAsync(CancellationToken stopping) =>
        Task.Delay(RetryWait, clock, stopping).ContinueWith(static _ => { }, TaskScheduler.Default);

    /// <summary>Sends one batch. False when there was nothing to send.</summary>
    /// <exception cref="KafkaException">Not everything could be sent, for a passing cause; what was is removed.</exception>
    private async Task<bool> RelayAsync(CancellationToken stopping)
    {
        var waiting = await outbox.ReadAsync();
        if (waiting.Length == 0)
        {
            metrics.Outbox(0, TimeSpan.Zero);
            return false;
        }

        var oldest = AgeOf(waiting[0]);
        var sending = new List<Task<bool>>(waiting.Length);
        foreach (var value in waiting)
        {
            // What the client does not take now must not be overtaken by what it would take later.
            sending.Add(SendAsync(value));
            if (sending[^1].IsFaulted)
            {
                break;
            }
        }

        var all = Task.WhenAll(sending);
        await WaitAsync(all, oldest, stopping);
        var done = sending.TakeWhile(task => task.IsCompletedSuccessfully).Select(task => task.Result).ToList();
        await RemoveAsync(waiting, done);
        await all;
        return true;
    }

    private async Task RemoveAsync(RedisValue[] waiting, List<bool> done)
    {
        if (done.Count == 0)
        {
            return;
        }

        var dead = waiting.Take(done.Count).Where((_, i) => !done[i]).ToList();
        if (await outbox.RemoveAsync(waiting[0], done.Count, dead))
        {
            metrics.Relayed(done.Count - dead.Count, dead.Count);
        }
        else
        {
            Log.LeaseLost(logger, done.Count);
        }
    }

    /// <summary>Waits for the acknowledgements as long as it takes, keeping the lease meanwhile. Does not throw for what failed.</summary>
    private async Task WaitAsync(Task sending, TimeSpan oldest, CancellationToken stopping)
    {
        var started = clock.GetTimestamp();
        while (!sending.IsCompleted)
        {
            await Task.WhenAny(sending, Task.Delay(options.Value.Lease / 3, clock, stopping));
            stopping.ThrowIfCancellationRequested();
            if (sending.IsCompleted)
            {
                return;
            }

            try
            {
                metrics.Outbox(await outbox.CountAsync(), oldest + clock.GetElapsedTime(started));
                await outbox.HoldAsync();
            }
            catch (Exception exception) when (exception.IsRedisFailure())
            {
                // What is under way stays under way: sending it again would only double it.
                Log.RedisAway(logger, exception.Message);
            }
        }
    }

    /// <summary>True when the broker has it; false when it can never be sent and is to be put aside.</summary>
    /// <exception cref="KafkaException">It was not sent, and may be later.</exception>
    private async Task<bool> SendAsync(RedisValue value)
    {
        try
        {
            var entry = OutboxEntry.FromJson(((ReadOnlyMemory<byte>)value).Span);
            var record = EventRecord.Of(entry.Event, entry.Topic, entry.Key);
            _ = ActivityContext.TryParse(entry.TraceParent, null, isRemote: true, out var cause);
            using var span = record.StartSpan(cause);
            await producer.ProduceAsync(entry.Topic, record.ToMessage(span?.Id ?? entry.TraceParent));
            return true;
        }
        catch (Exception exception)
            when (exception is JsonException || (exception is KafkaException kafka && IsPermanent(kafka.Error.Code)))
        {
            Log.PutAside(logger, options.Value.DeadKey, exception);
            return false;
        }
    }

    /// <summary>Whether the record itself is the cause. Everything else passes, or ends the client: no event is put aside for it.</summary>
    private static bool IsPermanent(ErrorCode code) =>
        code
            is ErrorCode.MsgSizeTooLarge
                or ErrorCode.RecordListTooLarge
                or ErrorCode.InvalidMsg
                or ErrorCode.InvalidRecord
                or ErrorCode.TopicException;

    private TimeSpan AgeOf(RedisValue value)
    {
        try
        {
            return clock.GetUtcNow() - OutboxEntry.FromJson(((ReadOnlyMemory<byte>)value).Span).At;
        }
        catch (JsonException)
        {
            return TimeSpan.Zero;
        }
    }

    private async Task GiveBackAsync()
    {
        try
        {
            await outbox.ReleaseAsync();
        }
        catch (Exception exception) when (exception.IsRedisFailure())
        {
            Log.RedisAway(logger, exception.Message);
        }
    }

    /// <inheritdoc/>
    public override void Dispose()
    {
        _wake.Dispose();
        base.Dispose();
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The outbox could not be read, trying on: {Reason}")]
        public static partial void RedisAway(ILogger logger, string reason);

        [LoggerMessage(
            LogLevel.Warning,
            "The outbox went to another replica while {Count} events were under way; they may arrive twice, with the same ids"
        )]
        public static partial void LeaseLost(ILogger logger, int count);

        [LoggerMessage(LogLevel.Warning, "Events could not be handed to Kafka, trying on: {Reason}")]
        public static partial void NotSent(ILogger logger, string reason);

        [LoggerMessage(LogLevel.Critical, "The Kafka producer met a fatal error; the service stops")]
        public static partial void Fatal(ILogger logger, Exception exception);

        [LoggerMessage(LogLevel.Error, "An event can never be sent and was put aside in {Key}")]
        public static partial void PutAside(ILogger logger, string key, Exception exception);
    }
}
