namespace RealtimeSuite.Contracts;

/// <summary>Names of the headers on a Kafka record. Values are UTF-8 text.</summary>
public static class KafkaHeaders
{
    /// <summary>W3C trace context of the producing span (source: W3C Trace Context).</summary>
    public const string TraceParent = "traceparent";

    /// <summary>The CloudEvent's <c>id</c>.</summary>
    public const string EventId = "ce_id";

    /// <summary>The CloudEvent's <c>type</c>.</summary>
    public const string EventType = "ce_type";

    /// <summary>On a dead-letter record: why it could not be handled.</summary>
    public const string DeadLetterReason = "dlq_reason";

    /// <summary>On a dead-letter record: where it came from, as <c>topic/partition/offset</c>.</summary>
    public const string DeadLetterSource = "dlq_source";
}
