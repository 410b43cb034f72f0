using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers consumers of a Kafka broker's records.</summary>
public static class AspireKafkaConsumerExtensions
{
    private const string Section = "Aspire:Confluent:Kafka:Consumer";

    /// <summary>Registers a singleton <see cref="IConsumer{TKey, TValue}"/>.</summary>
    public static void AddKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, null);

    /// <summary>Registers a singleton <see cref="IConsumer{TKey, TValue}"/>.</summary>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings
    ) => Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, null);

    /// <summary>Registers a singleton <see cref="IConsumer{TKey, TValue}"/>.</summary>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, WithoutServices(configureBuilder));

    /// <summary>Registers a singleton <see cref="IConsumer{TKey, TValue}"/>.</summary>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, configureBuilder);

    /// <summary>Registers a singleton <see cref="IConsumer{TKey, TValue}"/>.</summary>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) =>
        Add<TKey, TValue>(
            builder,
            connectionName,
            serviceKey: null,
            configureSettings,
            WithoutServices(configureBuilder)
        );

    /// <summary>Registers a singleton <see cref="IConsumer{TKey, TValue}"/>.</summary>
    public static void AddKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, configureBuilder);

    /// <summary>Registers a singleton <see cref="IConsumer{TKey, TValue}"/> with the key <paramref name="name"/>.</summary>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(this IHostApplicationBuilder builder, string name) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, null, null);

    /// <summary>Registers a singleton <see cref="IConsumer{TKey, TValue}"/> with the key <paramref name="name"/>.</summary>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaConsumerSettings>? configureSettings
    ) => Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, null);

    /// <summary>Registers a singleton <see cref="IConsumer{TKey, TValue}"/> with the key <paramref name="name"/>.</summary>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => Add<TKey, TValue>(builder, name, serviceKey: name, null, WithoutServices(configureBuilder));

    /// <summary>Registers a singleton <see cref="IConsumer{TKey, TValue}"/> with the key <paramref name="name"/>.</summary>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => Add<TKey, TValue>(builder, name, serviceKey: name, null, configureBuilder);

    /// <summary>Registers a singleton <see cref="IConsumer{TKey, TValue}"/> with the key <paramref name="name"/>.</summary>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, WithoutServices(configureBuilder));

    /// <summary>Registers a singleton <see cref="IConsumer{TKey, TValue}"/> with the key <paramref name="name"/>.</summary>
    public static void AddKeyedKafkaConsumer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, configureBuilder);

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<KafkaConsumerSettings>? configureSettings,
        Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? configureBuilder
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        // What is set for this connection goes before what is set for all.
        var settings = new KafkaConsumerSettings();
        var forAll = builder.Configuration.GetSection(Section);
        foreach (var section in new[] { forAll, forAll.GetSection(name) })
        {
            section.Bind(settings);
            section.GetSection(nameof(KafkaConsumerSettings.Config)).Bind(settings.Config);
        }

        settings.ConnectionString = builder.Configuration.GetConnectionString(name) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);
        settings.Config.BootstrapServers = settings.ConnectionString ?? settings.Config.BootstrapServers;

        IConsumer<TKey, TValue> Build(IServiceProvider services)
        {
            KafkaSetup.RequireServers(settings.Config, name, Section);
            if (string.IsNullOrEmpty(settings.Config.GroupId))
            {
                throw new InvalidOperationException(
                    $"The Kafka consumer '{name}' has no consumer group: '{Section}:Config:GroupId' is not set."
                );
            }

            var consumer = new ConsumerBuilder<TKey, TValue>(settings.Config);
            configureBuilder?.Invoke(services, consumer);
            KafkaSetup.LogTo(services, write => consumer.SetLogHandler((_, message) => write(message)));
            return consumer.Build();
        }

        if (serviceKey is null)
        {
            builder.Services.AddSingleton(Build);
        }
        else
        {
            builder.Services.AddKeyedSingleton(serviceKey, (services, _) => Build(services));
        }

        if (!settings.DisableHealthChecks)
        {
            const string Check = "Aspire.Confluent.Kafka.Consumer";
            KafkaSetup.AddHealthCheck(
                builder.Services,
                serviceKey is null ? Check : $"{Check}_{name}",
                settings.Config
            );
        }
    }

    private static Action<IServiceProvider, ConsumerBuilder<TKey, TValue>>? WithoutServices<TKey, TValue>(
        Action<ConsumerBuilder<TKey, TValue>>? configureBuilder
    ) => configureBuilder is null ? null : (_, consumer) => configureBuilder(consumer);
}
