namespace RealtimeSuite.AppHost.Backing;

/// <summary>Where Redis and Kafka come from.</summary>
internal enum BackingMode
{
    /// <summary>Containers with data volumes; the default where Docker or Podman answers, and always when publishing.</summary>
    Containers,

    /// <summary>Garnet and librdkafka's own broker as processes on this machine; the default otherwise. For development and tests only.</summary>
    Embedded,

    /// <summary>Given connection strings, <c>ConnectionStrings:redis</c> and <c>ConnectionStrings:kafka</c>.</summary>
    External,
}

/// <summary>Redis and Kafka of the suite.</summary>
internal sealed record BackingServices(
    BackingMode Mode,
    IResourceBuilder<IResourceWithConnectionString> Redis,
    IResourceBuilder<IResourceWithConnectionString> Kafka
);

/// <summary>Adds Redis and Kafka in the mode that <c>--backing</c> (configuration <c>Backing</c>) names.</summary>
internal static class BackingSetup
{
    private const string RedisTag = "8.2";
    private const string KafkaTag = "8.0.0";
    private const string KafkaUiTag = "v1.3.0";

    /// <summary>Adds both.</summary>
    public static BackingServices AddBacking(this IDistributedApplicationBuilder builder) =>
        Mode(builder) switch
        {
            BackingMode.Containers => builder.AddContainers(),
            BackingMode.Embedded => builder.AddEmbedded(),
            _ => new BackingServices(
                BackingMode.External,
                builder.AddConnectionString("redis"),
                builder.AddConnectionString("kafka")
            ),
        };

    /// <summary>References Kafka and waits for it. Of Redis and Kafka a service is told the connection strings, not their parts as well.</summary>
    public static IResourceBuilder<ProjectResource> WithKafka(
        this IResourceBuilder<ProjectResource> project,
        BackingServices backing
    )
    {
        project
            .WithReference(backing.Kafka)
            .WaitFor(backing.Kafka)
            .WithReferenceEnvironment(
                ReferenceEnvironmentInjectionFlags.ConnectionString
                    | ReferenceEnvironmentInjectionFlags.ServiceDiscovery
            );

        // The embedded broker answers an empty fetch only when its wait is over; a real one answers as soon as there is something.
        return backing.Mode == BackingMode.Embedded
            ? project.WithEnvironment("Aspire__Confluent__Kafka__Consumer__Config__FetchWaitMaxMs", "10")
            : project;
    }

    private static BackingMode Mode(IDistributedApplicationBuilder builder)
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            return BackingMode.Containers;
        }

        return builder.Configuration["Backing"] is { Length: > 0 } asked
            ? Enum.TryParse<BackingMode>(asked, ignoreCase: true, out var mode)
                ? mode
                : throw new InvalidOperationException(
                    $"Backing is '{asked}', but must be containers, embedded or external."
                )
            : ContainerRuntime.Answers()
                ? BackingMode.Containers
                : BackingMode.Embedded;
    }

    private static BackingServices AddContainers(this IDistributedApplicationBuilder builder) =>
        new(
            BackingMode.Containers,
            builder.AddRedis("redis").WithImageTag(RedisTag).WithDataVolume().WithPersistence(),
            builder
                .AddKafka("kafka")
                .WithImageTag(KafkaTag)
                .WithDataVolume()
                .WithKafkaUI(ui => ui.WithImageTag(KafkaUiTag))
        );

    private static BackingServices AddEmbedded(this IDistributedApplicationBuilder builder) =>
        new(BackingMode.Embedded, builder.AddGarnet("redis"), builder.AddEmbeddedKafka("kafka"));
}
