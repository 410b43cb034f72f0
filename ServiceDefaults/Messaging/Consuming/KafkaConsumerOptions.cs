using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Messaging.Consuming;

/// <summary>How a service reads Kafka. Section <c>KafkaConsumer</c>.</summary>
public sealed class KafkaConsumerOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "KafkaConsumer";

    /// <summary>The topics. Set by the service.</summary>
    [MinLength(1)]
    public string[] Topics { get; set; } = [];

    /// <summary>Most records a handler is given at once. Default 256.</summary>
    [Range(1, 10_000)]
    public int MaxBatch { get; set; } = 256;

    /// <summary>Most records waiting for the handler in one partition; beyond, the partition is paused. Default 1,024.</summary>
    [Range(1, 1_000_000)]
    public int MaxWaiting { get; set; } = 1024;

    /// <summary>How often a record whose handling fails without a known passing cause is tried before it goes to the dead-letter topic. Default 5.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 5;

    /// <summary>First back-off; doubles with full jitter up to <see cref="MaxBackoff"/>. Default 100 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:01:00")]
    public TimeSpan FirstBackoff { get; set; } = TimeSpan.FromMilliseconds(100);

    /// <summary>Longest back-off. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "00:10:00")]
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a partition that is taken away may finish the batch at hand. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan RevokeDeadline { get; set; } = TimeSpan.FromSeconds(5);
}
