using Confluent.Kafka;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Confluent.Kafka;

/// <summary>Healthy when the broker takes a record within a second. The record goes to a topic of its own.</summary>
internal sealed class KafkaHealthCheck(ClientConfig config) : IHealthCheck, IDisposable
{
    private const string Topic = "healthchecks-topic";

    private readonly Lazy<IProducer<string, string>> _producer = new(() =>
        new ProducerBuilder<string, string>(
            new ProducerConfig(Connection(config)) { SocketTimeoutMs = 1000, MessageTimeoutMs = 1000 }
        )
            // A broker that is away is the check's to report.
            .SetLogHandler((_, _) => { })
            .Build()
    );

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            var record = new Message<string, string> { Key = "healthcheck-key", Value = "healthcheck" };
            var result = await _producer.Value.ProduceAsync(Topic, record, cancellationToken).ConfigureAwait(false);
            return result.Status == PersistenceStatus.NotPersisted
                ? new(context.Registration.FailureStatus, "The broker did not keep a record.")
                : HealthCheckResult.Healthy();
        }
        catch (Exception e)
        {
            return new(context.Registration.FailureStatus, exception: e);
        }
    }

    public void Dispose()
    {
        if (_producer.IsValueCreated)
        {
            _producer.Value.Dispose();
        }
    }

    // A consumer's settings of consuming mean nothing to a producer, which would warn of each.
    private static Dictionary<string, string> Connection(ClientConfig config)
    {
        string[] names = ["bootstrap.servers", "client.id", "client.dns.lookup", "broker.address.family"];
        string[] families = ["security.", "sasl.", "ssl.", "enable.ssl."];
        return config
            .Where(setting =>
                names.Contains(setting.Key)
                || families.Any(family => setting.Key.StartsWith(family, StringComparison.Ordinal))
            )
            .ToDictionary(setting => setting.Key, setting => setting.Value);
    }
}
