using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using RealtimeSuite.Messaging.Consuming;
using RealtimeSuite.Messaging.Outbox;
using RealtimeSuite.Messaging.Publishing;
using StackExchange.Redis;

namespace RealtimeSuite.Messaging;

/// <summary>Kafka and Redis for a service. Connection names are <c>kafka</c> and <c>redis</c>.</summary>
public static class MessagingSetup
{
    private const string Kafka = "kafka";
    private const string Redis = "redis";

    // The client looks once a second whether to connect again. Its default waits longer each time, in the end up to ten seconds, for
    // which a Redis that is back would not be used.
    private static readonly TimeSpan ReconnectPause = TimeSpan.FromMilliseconds(500);

    /// <summary>The Redis connection: <c>ConnectionStrings:redis</c>, else <c>REDIS_URL</c> (source: seeds 002 and 003).</summary>
    public static IHostApplicationBuilder AddRedis(this IHostApplicationBuilder builder)
    {
        builder.AddRedisClient(
            Redis,
            settings => settings.ConnectionString ??= RedisUrl.ToConnectionString(builder.Configuration["REDIS_URL"]),
            options => options.ReconnectRetryPolicy = new LinearRetry((int)ReconnectPause.TotalMilliseconds)
        );
        return builder;
    }

    /// <summary>A producer that waits for all in-sync replicas, keeps order and never gives an event up while the broker is away.</summary>
    public static IHostApplicationBuilder AddKafkaProducer(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton<MessagingMetrics>();
        builder.AddKafkaProducer<string, byte[]>(
            Kafka,
            settings =>
            {
                settings.Config.Acks = Acks.All;
                settings.Config.EnableIdempotence = true;
                settings.Config.MessageTimeoutMs = 0;
                settings.Config.LingerMs = 1;
            }
        );
        return builder;
    }

    /// <summary><see cref="EventPublisher"/>: a producer that waits for all in-sync replicas, but not for ever. Needs no Redis.</summary>
    public static IHostApplicationBuilder AddEventPublisher(this IHostApplicationBuilder builder)
    {
        var section = builder.Configuration.GetSection(PublisherOptions.Section);
        builder.Services.AddOptions<PublisherOptions>().Bind(section).ValidateDataAnnotations().ValidateOnStart();
        var timeout = (section.Get<PublisherOptions>() ?? new PublisherOptions()).Timeout;
        builder.AddKeyedKafkaProducer<string, byte[]>(
            EventPublisher.Producer,
            settings =>
            {
                settings.Config.Acks = Acks.All;
                settings.Config.EnableIdempotence = true;
                settings.Config.MessageTimeoutMs = (int)timeout.TotalMilliseconds;
                settings.Config.LingerMs = 1;
                settings.DisableHealthChecks = true;
            }
        );
        builder.Services.AddSingleton<EventPublisher>();
        return builder;
    }

    /// <summary>Reads <paramref name="topics"/> as a member of <paramref name="group"/> and gives the records to <typeparamref name="THandler"/>.</summary>
    public static IHostApplicationBuilder AddKafkaHandler<THandler>(
        this IHostApplicationBuilder builder,
        string group,
        params string[] topics
    )
        where THandler : class, IKafkaRecordHandler
    {
        builder.AddKafkaProducer();
        builder.AddKafkaConsumer<string, byte[]>(
            Kafka,
            settings =>
            {
                settings.Config.GroupId = group;
                settings.Config.AutoOffsetReset = AutoOffsetReset.Earliest;
                settings.Config.EnableAutoOffsetStore = false;
                settings.Config.AutoCommitIntervalMs = 1000;
                settings.Config.AllowAutoCreateTopics = true;

                // A replica that dies without a word holds its partitions for this long, and their events wait.
                settings.Config.SessionTimeoutMs ??= 6000;
                settings.Config.HeartbeatIntervalMs ??= 2000;
                settings.Config.PartitionAssignmentStrategy = PartitionAssignmentStrategy.CooperativeSticky;
            },
            (services, consumer) => services.GetRequiredService<PartitionLanes>().Attach(consumer)
        );

        builder
            .Services.AddOptions<KafkaConsumerOptions>()
            .BindConfiguration(KafkaConsumerOptions.Section)
            .Configure(options => options.Topics = topics)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<IKafkaRecordHandler, THandler>();
        builder.Services.AddSingleton<DeadLetters>();
        builder.Services.AddSingleton<BatchRunner>();
        builder.Services.AddSingleton<PartitionLanes>();
        builder.Services.AddHostedService<KafkaConsumerLoop>();
        return builder;
    }

    /// <summary>The settings of a consumer that is made by hand: the same broker and client settings as those of <see cref="AddKafkaHandler{THandler}"/>.</summary>
    public static ConsumerConfig KafkaConsumerConfig(IConfiguration configuration)
    {
        var config = new ConsumerConfig();
        configuration.GetSection("Aspire:Confluent:Kafka:Consumer:Config").Bind(config);
        config.BootstrapServers = configuration.GetConnectionString(Kafka) ?? config.BootstrapServers;
        return config;
    }

    /// <summary>The outbox <paramref name="name"/>: <see cref="AggregateWriter"/> fills it, a background relay empties it into Kafka.</summary>
    public static IHostApplicationBuilder AddOutbox(this IHostApplicationBuilder builder, string name)
    {
        builder.AddKafkaProducer();
        builder
            .Services.AddOptions<OutboxOptions>()
            .BindConfiguration(OutboxOptions.Section)
            .Configure(options => options.Name = name)
            .ValidateDataAnnotations()
            .ValidateOnStart();
        builder.Services.AddSingleton<AggregateWriter>();
        builder.Services.AddSingleton<OutboxScript>();
        builder.Services.AddSingleton<OutboxList>();
        builder.Services.AddHostedService<OutboxRelay>();
        return builder;
    }
}
