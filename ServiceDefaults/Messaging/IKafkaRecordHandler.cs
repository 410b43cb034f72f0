namespace RealtimeSuite.Messaging;

/// <summary>What a service does with the records of its topics.</summary>
public interface IKafkaRecordHandler
{
    /// <summary>
    /// Handles records of one partition, in order; partitions run beside each other. The offset is committed after the call has
    /// returned, so the same records may come again after a crash: handling is idempotent by the event's id.
    /// </summary>
    /// <exception cref="UnreadableRecordException">One record can never be handled: it goes to the dead-letter topic and the others are given again.</exception>
    /// <remarks>Any other exception is retried with the whole batch.</remarks>
    Task HandleAsync(IReadOnlyList<KafkaRecord> batch, CancellationToken cancellationToken);
}

/// <summary>A record that can never be handled.</summary>
public sealed class UnreadableRecordException(KafkaRecord record, string reason, Exception? inner = null)
    : Exception(reason, inner)
{
    /// <summary>The record.</summary>
    public KafkaRecord Record { get; } = record;
}
