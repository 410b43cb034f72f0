using Confluent.Kafka;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;

namespace RealtimeSuite.ServiceDefaults.Tests;

/// <summary>The broker of the embedded mode, as its process is stopped and goes on.</summary>
public sealed class EmbeddedKafkaTests
{
    private const string Topic = "task-updates";

    [Fact]
    public async Task A_broker_that_was_stopped_takes_records_again_whichever_of_its_threads_hears_of_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Only Linux lets a signal choose its thread.");
        await using var kafka = await KafkaBroker.RunAsync();
        await kafka.PauseAsync();
        await kafka.ResumeAsync();
        await kafka.ResumeOnEachThreadAsync();

        using var producer = new ProducerBuilder<string, string>(
            new ProducerConfig { BootstrapServers = kafka.Address, MessageTimeoutMs = 30_000 }
        ).Build();
        await producer.ProduceAsync(
            Topic,
            new Message<string, string> { Key = "key", Value = "value" },
            TestContext.Current.CancellationToken
        );
        Assert.Single(KafkaTail.ReadAll(kafka.Address, Topic));
    }
}
