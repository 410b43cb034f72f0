using System.Text;
using Confluent.Kafka;
using Microsoft.Extensions.Logging;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Messaging.Consuming;

/// <summary>Writes records that can never be handled to the dead-letter topic of theirs, with key, value and headers as they were, the reason and the source.</summary>
internal sealed partial class DeadLetters(
    IProducer<string, byte[]> producer,
    MessagingMetrics metrics,
    ILogger<DeadLetters> logger
)
{
    /// <summary>Returns once the broker has it.</summary>
    public async Task SendAsync(KafkaRecord record, string reason, CancellationToken cancellationToken)
    {
        var source = $"{record.Topic}/{record.Partition}/{record.Offset}";
        var headers = new Headers();
        foreach (var header in record.Headers)
        {
            headers.Add(header.Key, header.GetValueBytes());
        }

        headers.Add(KafkaHeaders.DeadLetterReason, Encoding.UTF8.GetBytes(reason));
        headers.Add(KafkaHeaders.DeadLetterSource, Encoding.UTF8.GetBytes(source));
        var message = new Message<string, byte[]>
        {
            Key = record.Key!,
            Value = record.Value.ToArray(),
            Headers = headers,
        };
        await producer.ProduceAsync(KafkaTopics.DeadLetter(record.Topic), message, cancellationToken);
        metrics.DeadLettered(record.Topic);
        Log.DeadLettered(logger, source, reason);
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "The record {Source} went to the dead-letter topic: {Reason}")]
        public static partial void DeadLettered(ILogger logger, string source, string reason);
    }
}
