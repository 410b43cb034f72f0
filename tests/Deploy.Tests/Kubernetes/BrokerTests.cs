using RealtimeSuite.Contracts;

namespace RealtimeSuite.Deploy.Tests.Kubernetes;

public sealed class BrokerTests
{
    /// <summary>Runs the job's script, with programs in the place of Kafka's that print how they were called.</summary>
    [Fact]
    public async Task The_job_makes_every_topic_and_its_dead_letter_topic_with_partitions_and_retention()
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("Needs bash.");
            return;
        }

        var tools = Directory.CreateTempSubdirectory("kafka-tools");
        try
        {
            foreach (var tool in new[] { "kafka-topics.sh", "kafka-configs.sh" })
            {
                var path = Path.Combine(tools.FullName, tool);
                await File.WriteAllTextAsync(path, "#!/bin/sh\necho \"$(basename \"$0\") $*\"\n");
                File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserExecute);
            }

            var run = await ProgramRun.RunAsync(
                "env",
                [
                    $"KAFKA_TOOLS={tools.FullName}",
                    "KAFKA_BOOTSTRAP=kafka:9092",
                    "REPLICATION_FACTOR=3",
                    "MIN_INSYNC_REPLICAS=2",
                    "bash",
                    "deploy/k8s/base/kafka-topics.sh",
                ]
            );

            var calls = run.Succeeded().Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(KafkaTopics.All.Count * 4, calls.Length);
            foreach (var topic in KafkaTopics.All)
            {
                AssertMade(calls, topic, partitions: 12, days: 7);
                AssertMade(calls, KafkaTopics.DeadLetter(topic), partitions: 3, days: 30);
            }
        }
        finally
        {
            tools.Delete(recursive: true);
        }
    }

    [Fact]
    public async Task Dapr_offers_the_topics_to_the_apps_of_the_guide()
    {
        var documents = await Overlay.RenderAsync("minikube-dapr");
        var component = documents.Single(document => document is { Kind: "Component", Name: "pubsub-kafka" });
        var gateway = documents.Single(document => document is { Kind: "Deployment", Name: "gateway" });

        Assert.Equal(
            ["backend", "notification-service", "recurring-task-service", "audit-log-service", "websocket-service"],
            KubernetesObject.Items(component.Document["scopes"]).Select(scope => (string)scope!)
        );
        var annotations = KubernetesObject.Texts(gateway.Pod!["metadata"]!["annotations"]);
        Assert.Equal("websocket-service", annotations["dapr.io/app-id"]);
        Assert.Equal(gateway.Environment("HTTP_PORTS"), annotations["dapr.io/app-port"]);
    }

    private static void AssertMade(string[] calls, string topic, int partitions, int days)
    {
        Assert.Contains(
            $"kafka-topics.sh --bootstrap-server kafka:9092 --create --if-not-exists --topic {topic} --partitions {partitions} --replication-factor 3",
            calls
        );
        Assert.Contains(
            $"kafka-configs.sh --bootstrap-server kafka:9092 --alter --entity-type topics --entity-name {topic} --add-config retention.ms={TimeSpan.FromDays(days).TotalMilliseconds},min.insync.replicas=2",
            calls
        );
    }
}
