using System.Diagnostics;
using Confluent.Kafka;

namespace RealtimeSuite.Bench.Publishing;

/// <summary>Publishes on Kafka, as backends of the suite do: then the gateway numbers the events and remembers them.</summary>
internal sealed class KafkaPublisher(string servers, string topic, Template template) : IPublisher
{
    private readonly IProducer<string, byte[]> _producer = new ProducerBuilder<string, byte[]>(
        new ProducerConfig { BootstrapServers = servers, LingerMs = 0 }
    ).Build();

    private long _number;

    public Task<Published> PublishAsync(double rate, long count) =>
        Task.Factory.StartNew(
            () => Pace.Run(rate, count, most: 1, _ => Send()),
            CancellationToken.None,
            TaskCreationOptions.LongRunning,
            TaskScheduler.Default
        );

    public void Dispose() => _producer.Dispose();

    private void Send()
    {
        var value = new byte[template.Length];
        template.Write(value, Stopwatch.GetTimestamp(), ++_number, user: 0);
        _producer.Produce(topic, new Message<string, byte[]> { Key = "bench", Value = value });
    }
}
