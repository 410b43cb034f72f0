using Confluent.Kafka;

namespace Aspire.Confluent.Kafka;

/// <summary>Settings of a producer, from the section <c>Aspire:Confluent:Kafka:Producer</c>.</summary>
public sealed class KafkaProducerSettings
{
    /// <summary>The bootstrap servers. <c>ConnectionStrings:&lt;name&gt;</c> goes before it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The client's own settings.</summary>
    public ProducerConfig Config { get; } = [];

    /// <summary>Has no effect here.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Whether no health check is registered. False by default.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Has no effect here.</summary>
    public bool DisableTracing { get; set; }
}

/// <summary>Settings of a consumer, from the section <c>Aspire:Confluent:Kafka:Consumer</c>.</summary>
public sealed class KafkaConsumerSettings
{
    /// <summary>The bootstrap servers. <c>ConnectionStrings:&lt;name&gt;</c> goes before it.</summary>
    public string? ConnectionString { get; set; }

    /// <summary>The client's own settings.</summary>
    public ConsumerConfig Config { get; } = [];

    /// <summary>Has no effect here.</summary>
    public bool DisableMetrics { get; set; }

    /// <summary>Whether no health check is registered. False by default.</summary>
    public bool DisableHealthChecks { get; set; }

    /// <summary>Has no effect here.</summary>
    public bool DisableTracing { get; set; }
}
