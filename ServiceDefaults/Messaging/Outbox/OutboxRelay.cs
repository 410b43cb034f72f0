using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RealtimeSuite.Concurrency;
using RealtimeSuite.Contracts;
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
                }

                if (!await outbox.HoldAsync() || !await RelayAsync(stoppingToken))
                {
                    await _wake.WaitAsync(options.Value.IdleWait, stoppingToken);
                }
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                break;
            }
            catch (Exception exception) when (exception is RedisException or TimeoutException)
            {
                Log.RedisAway(logger, exception.Message);
                await Task.Delay(RetryWait, clock, stoppingToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }

        await GiveBackAsync();
    }

    /// <summary>Sends one batch. False when there was nothing to send.</summary>
    private async Task<bool> RelayAsync(CancellationToken stopping)
    {
        var waiting = await outbox.ReadAsync();
        if (waiting.Length == 0)
        {
            metrics.Outbox(0, TimeSpan.Zero);
            return false;
        }

        var dead = new List<RedisValue>();
        var sent = new List<Task>(waiting.Length);
        foreach (var value in waiting)
        {
            sent.Add(SendAsync(value, dead));
        }

        await WaitAsync(Task.WhenAll(sent), waiting[0], stopping);
        if (await outbox.RemoveAsync(waiting[0], waiting.Length, dead))
        {
            metrics.Relayed(waiting.Length - dead.Count);
        }
        else
        {
            Log.LeaseLost(logger, waiting.Length);
        }

        return true;
    }

    /// <summary>Waits for the acknowledgements as long as it takes, keeping the lease meanwhile.</summary>
    private async Task WaitAsync(Task sent, RedisValue first, CancellationToken stopping)
    {
        while (!sent.IsCompleted)
        {
            await Task.WhenAny(sent, Task.Delay(options.Value.Lease / 3, clock, stopping));
            stopping.ThrowIfCancellationRequested();
            if (!sent.IsCompleted)
            {
                metrics.Outbox(await outbox.CountAsync(), clock.GetUtcNow() - OutboxEntry.FromJson(first).At);
                await outbox.HoldAsync();
            }
        }

        await sent;
    }

    private async Task SendAsync(RedisValue value, List<RedisValue> dead)
    {
        try
        {
            var entry = OutboxEntry.FromJson(((ReadOnlyMemory<byte>)value).Span);
            using var span = StartSpan(entry);
            await producer.ProduceAsync(entry.Topic, ToMessage(entry, span));
        }
        catch (Exception exception) when (exception is JsonException or ProduceException<string, byte[]>)
        {
            // The client retries whatever can pass; what arrives here (too large, refused by the broker) never will.
            Log.PutAside(logger, options.Value.DeadKey, exception);
            lock (dead)
            {
                dead.Add(value);
            }
        }
    }

    private static Activity? StartSpan(OutboxEntry entry)
    {
        _ = ActivityContext.TryParse(entry.TraceParent, null, isRemote: true, out var cause);
        var span = MessagingTelemetry.Source.StartActivity("publish " + entry.Topic, ActivityKind.Producer, cause);
        span?.SetTag("messaging.system", "kafka");
        span?.SetTag("messaging.operation.type", "send");
        span?.SetTag("messaging.destination.name", entry.Topic);
        span?.SetTag("messaging.kafka.message.key", entry.Key);
        span?.SetTag("cloudevents.event_id", entry.Event.Id);
        return span;
    }

    private static Message<string, byte[]> ToMessage(OutboxEntry entry, Activity? span)
    {
        var headers = new Headers
        {
            { KafkaHeaders.EventId, Encoding.UTF8.GetBytes(entry.Event.Id) },
            { KafkaHeaders.EventType, Encoding.UTF8.GetBytes(entry.Event.Type) },
        };
        if ((span?.Id ?? entry.TraceParent) is { } traceParent)
        {
            headers.Add(KafkaHeaders.TraceParent, Encoding.UTF8.GetBytes(traceParent));
        }

        return new Message<string, byte[]>
        {
            Key = entry.Key,
            Value = JsonSerializer.SerializeToUtf8Bytes(entry.Event, ContractsJson.Wire.CloudEvent),
            Headers = headers,
        };
    }

    private async Task GiveBackAsync()
    {
        try
        {
            await outbox.ReleaseAsync();
        }
        catch (Exception exception) when (exception is RedisException or TimeoutException)
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

        [LoggerMessage(LogLevel.Error, "An event can never be sent and was put aside in {Key}")]
        public static partial void PutAside(ILogger logger, string key, Exception exception);
    }
}
