using System.Diagnostics;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Messaging.Consuming;

/// <summary>Runs the handler on a batch until every record is handled or dead-lettered; only cancellation ends it earlier.</summary>
internal sealed partial class BatchRunner(
    IKafkaRecordHandler handler,
    DeadLetters deadLetters,
    MessagingMetrics metrics,
    IOptions<KafkaConsumerOptions> options,
    TimeProvider clock,
    ILogger<BatchRunner> logger
)
{
    public async Task RunAsync(IReadOnlyList<KafkaRecord> batch, CancellationToken cancellationToken)
    {
        var started = clock.GetTimestamp();
        var spans = Start(batch);
        try
        {
            await HandleAsync(batch, cancellationToken);
        }
        finally
        {
            spans.ForEach(span => span.Dispose());
        }

        metrics.Handled(batch[0].Topic, batch.Count, clock.GetElapsedTime(started));
    }

    private async Task HandleAsync(IReadOnlyList<KafkaRecord> batch, CancellationToken cancellationToken)
    {
        for (var attempt = 1; batch.Count > 0; attempt++)
        {
            try
            {
                await handler.HandleAsync(batch, cancellationToken);
                return;
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                throw;
            }
            catch (UnreadableRecordException exception)
            {
                await DeadLetterAsync(exception.Record, exception.Message, cancellationToken);
                batch = [.. batch.Where(record => record != exception.Record)];
                attempt = 0;
            }
            catch (Exception exception) when (!IsPassing(exception) && attempt >= options.Value.MaxAttempts)
            {
                if (batch.Count == 1)
                {
                    await DeadLetterAsync(
                        batch[0],
                        $"{exception.GetType().Name}: {exception.Message}",
                        cancellationToken
                    );
                    return;
                }

                // One of them is the cause: find it by handling them one by one, in order.
                foreach (var record in batch)
                {
                    await HandleAsync([record], cancellationToken);
                }

                return;
            }
            catch (Exception exception)
            {
                Log.Retrying(logger, batch.Count, batch[0].Topic, attempt, exception);
                await Task.Delay(Backoff(attempt), clock, cancellationToken);
            }
        }
    }

    private async Task DeadLetterAsync(KafkaRecord record, string reason, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await deadLetters.SendAsync(record, reason, cancellationToken);
                return;
            }
            catch (KafkaException exception) when (!exception.Error.IsFatal)
            {
                Log.Retrying(logger, 1, KafkaTopics.DeadLetter(record.Topic), attempt, exception);
                await Task.Delay(Backoff(attempt), clock, cancellationToken);
            }
        }
    }

    private TimeSpan Backoff(int attempt)
    {
        var ceiling = Math.Min(
            options.Value.MaxBackoff.TotalMilliseconds,
            options.Value.FirstBackoff.TotalMilliseconds * Math.Pow(2, Math.Min(attempt - 1, 30))
        );
        return TimeSpan.FromMilliseconds(ceiling * (0.5 + (Random.Shared.NextDouble() / 2)));
    }

    /// <summary>Whether the cause is a part of the system that is away and comes back; such batches wait as long as it takes.</summary>
    private static bool IsPassing(Exception exception) =>
        exception.IsRedisFailure() || exception is KafkaException or HttpRequestException or IOException;

    private static List<Activity> Start(IReadOnlyList<KafkaRecord> batch)
    {
        var spans = new List<Activity>(batch.Count);
        foreach (var record in batch)
        {
            _ = ActivityContext.TryParse(
                record.Header(KafkaHeaders.TraceParent),
                null,
                isRemote: true,
                out var producer
            );
            var span = MessagingTelemetry.Source.CreateActivity(
                "consume " + record.Topic,
                ActivityKind.Consumer,
                producer
            );
            if (span is null)
            {
                record.Span = producer;
                continue;
            }

            span.SetTag("messaging.system", "kafka");
            span.SetTag("messaging.operation.type", "process");
            span.SetTag("messaging.destination.name", record.Topic);
            span.SetTag("messaging.destination.partition.id", record.Partition);
            span.SetTag("messaging.kafka.offset", record.Offset);
            span.SetTag("messaging.kafka.message.key", record.Key);
            span.SetTag("cloudevents.event_id", record.Header(KafkaHeaders.EventId));
            span.Start();
            record.Span = span.Context;
            spans.Add(span);
        }

        Activity.Current = null;
        return spans;
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Handling {Count} records of {Topic} failed at attempt {Attempt}, trying again"
        )]
        public static partial void Retrying(ILogger logger, int count, string topic, int attempt, Exception exception);
    }
}
