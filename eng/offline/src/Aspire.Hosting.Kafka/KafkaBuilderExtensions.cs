using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static class KafkaBuilderExtensions
{
    private const int BrokerPort = 9092;
    private const int InternalPort = 9093;
    private const int UIPort = 8080;
    private const string DataFolder = "/var/lib/kafka/data";

    public static IResourceBuilder<KafkaServerResource> AddKafka(
        this IDistributedApplicationBuilder builder,
        [ResourceName] string name,
        int? port = null
    ) =>
        builder
            .AddResource(new KafkaServerResource(name))
            .WithEndpoint(targetPort: BrokerPort, port: port, name: KafkaServerResource.PrimaryEndpointName)
            .WithEndpoint(targetPort: InternalPort, name: KafkaServerResource.InternalEndpointName)
            .WithImage("confluentinc/confluent-local", "8.1.1")
            .WithImageRegistry("docker.io")
            .WithEnvironment(AddListeners);

    public static IResourceBuilder<KafkaServerResource> WithKafkaUI(
        this IResourceBuilder<KafkaServerResource> builder,
        Action<IResourceBuilder<KafkaUIContainerResource>>? configureContainer = null,
        string? containerName = null
    )
    {
        var application = builder.ApplicationBuilder;
        var ui = application.Resources.OfType<KafkaUIContainerResource>().SingleOrDefault() is { } existing
            ? application.CreateResourceBuilder(existing)
            : application
                .AddResource(new KafkaUIContainerResource(containerName ?? "kafka-ui"))
                .WithImage("kafbat/kafka-ui", "v1.4.2")
                .WithImageRegistry("ghcr.io")
                .WithHttpEndpoint(targetPort: UIPort)
                .ExcludeFromManifest();
        configureContainer?.Invoke(ui);
        return builder;
    }

    public static IResourceBuilder<KafkaUIContainerResource> WithHostPort(
        this IResourceBuilder<KafkaUIContainerResource> builder,
        int? port
    ) => builder.WithEndpoint("http", e => e.Port = port);

    public static IResourceBuilder<KafkaServerResource> WithDataVolume(
        this IResourceBuilder<KafkaServerResource> builder,
        string? name = null,
        bool isReadOnly = false
    ) =>
        builder
            .WithEnvironment("KAFKA_LOG_DIRS", DataFolder)
            .WithVolume(name ?? VolumeNameGenerator.Generate(builder, "data"), DataFolder, isReadOnly);

    public static IResourceBuilder<KafkaServerResource> WithDataBindMount(
        this IResourceBuilder<KafkaServerResource> builder,
        string source,
        bool isReadOnly = false
    ) => builder.WithEnvironment("KAFKA_LOG_DIRS", DataFolder).WithBindMount(source, DataFolder, isReadOnly);

    /// <summary>One listener for clients, one between containers, and those of the image itself; its broker is its own KRaft controller.</summary>
    private static void AddListeners(EnvironmentCallbackContext context)
    {
        var kafka = (KafkaServerResource)context.Resource;
        var clients = kafka.PrimaryEndpoint;
        var containers = kafka.InternalEndpoint;
        var variables = context.EnvironmentVariables;
        variables["KAFKA_LISTENERS"] = string.Join(
            ',',
            "PLAINTEXT://localhost:29092",
            "CONTROLLER://localhost:29093",
            $"PLAINTEXT_HOST://0.0.0.0:{BrokerPort}",
            $"PLAINTEXT_INTERNAL://0.0.0.0:{InternalPort}"
        );
        variables["KAFKA_LISTENER_SECURITY_PROTOCOL_MAP"] =
            "CONTROLLER:PLAINTEXT,PLAINTEXT:PLAINTEXT,PLAINTEXT_HOST:PLAINTEXT,PLAINTEXT_INTERNAL:PLAINTEXT";
        variables["KAFKA_ADVERTISED_LISTENERS"] = context.ExecutionContext.IsRunMode
            ? ReferenceExpression.Create(
                $"PLAINTEXT://localhost:29092,PLAINTEXT_HOST://localhost:{clients.Property(EndpointProperty.Port)},PLAINTEXT_INTERNAL://{kafka.Name}:{containers.Property(EndpointProperty.TargetPort)}"
            )
            : ReferenceExpression.Create(
                $"PLAINTEXT://{clients.Property(EndpointProperty.Host)}:29092,PLAINTEXT_HOST://{clients.Property(EndpointProperty.HostAndPort)},PLAINTEXT_INTERNAL://{containers.Property(EndpointProperty.HostAndPort)}"
            );
    }
}
