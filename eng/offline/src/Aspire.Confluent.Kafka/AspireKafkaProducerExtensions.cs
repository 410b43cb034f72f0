using Aspire.Confluent.Kafka;
using Confluent.Kafka;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers producers of a Kafka broker's records.</summary>
public static class AspireKafkaProducerExtensions
{
    private const string Section = "Aspire:Confluent:Kafka:Producer";

    /// <summary>Registers a singleton <see cref="IProducer{TKey, TValue}"/>.</summary>
    public static void AddKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string connectionName) =>
        Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, null);

    /// <summary>Registers a singleton <see cref="IProducer{TKey, TValue}"/>.</summary>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings
    ) => Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, null);

    /// <summary>Registers a singleton <see cref="IProducer{TKey, TValue}"/>.</summary>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder
    ) => Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, WithoutServices(configureBuilder));

    /// <summary>Registers a singleton <see cref="IProducer{TKey, TValue}"/>.</summary>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder
    ) => Add<TKey, TValue>(builder, connectionName, serviceKey: null, null, configureBuilder);

    /// <summary>Registers a singleton <see cref="IProducer{TKey, TValue}"/>.</summary>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder
    ) =>
        Add<TKey, TValue>(
            builder,
            connectionName,
            serviceKey: null,
            configureSettings,
            WithoutServices(configureBuilder)
        );

    /// <summary>Registers a singleton <see cref="IProducer{TKey, TValue}"/>.</summary>
    public static void AddKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder
    ) => Add<TKey, TValue>(builder, connectionName, serviceKey: null, configureSettings, configureBuilder);

    /// <summary>Registers a singleton <see cref="IProducer{TKey, TValue}"/> with the key <paramref name="name"/>.</summary>
    public static void AddKeyedKafkaProducer<TKey, TValue>(this IHostApplicationBuilder builder, string name) =>
        Add<TKey, TValue>(builder, name, serviceKey: name, null, null);

    /// <summary>Registers a singleton <see cref="IProducer{TKey, TValue}"/> with the key <paramref name="name"/>.</summary>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaProducerSettings>? configureSettings
    ) => Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, null);

    /// <summary>Registers a singleton <see cref="IProducer{TKey, TValue}"/> with the key <paramref name="name"/>.</summary>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder
    ) => Add<TKey, TValue>(builder, name, serviceKey: name, null, WithoutServices(configureBuilder));

    /// <summary>Registers a singleton <see cref="IProducer{TKey, TValue}"/> with the key <paramref name="name"/>.</summary>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder
    ) => Add<TKey, TValue>(builder, name, serviceKey: name, null, configureBuilder);

    /// <summary>Registers a singleton <see cref="IProducer{TKey, TValue}"/> with the key <paramref name="name"/>.</summary>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaProducerSettings>? configureSettings,
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder
    ) => Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, WithoutServices(configureBuilder));

    /// <summary>Registers a singleton <see cref="IProducer{TKey, TValue}"/> with the key <paramref name="name"/>.</summary>
    public static void AddKeyedKafkaProducer<TKey, TValue>(
        this IHostApplicationBuilder builder,
        string name,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder
    ) => Add<TKey, TValue>(builder, name, serviceKey: name, configureSettings, configureBuilder);

    private static void Add<TKey, TValue>(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<KafkaProducerSettings>? configureSettings,
        Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? configureBuilder
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        // What is set for this connection goes before what is set for all.
        var settings = new KafkaProducerSettings();
        var forAll = builder.Configuration.GetSection(Section);
        foreach (var section in new[] { forAll, forAll.GetSection(name) })
        {
            section.Bind(settings);
            section.GetSection(nameof(KafkaProducerSettings.Config)).Bind(settings.Config);
        }

        settings.ConnectionString = builder.Configuration.GetConnectionString(name) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);
        settings.Config.BootstrapServers = settings.ConnectionString ?? settings.Config.BootstrapServers;

        IProducer<TKey, TValue> Build(IServiceProvider services)
        {
            KafkaSetup.RequireServers(settings.Config, name, Section);
            var producer = new ProducerBuilder<TKey, TValue>(settings.Config);
            configureBuilder?.Invoke(services, producer);
            KafkaSetup.LogTo(services, write => producer.SetLogHandler((_, message) => write(message)));
            return producer.Build();
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
            const string Check = "Aspire.Confluent.Kafka.Producer";
            KafkaSetup.AddHealthCheck(
                builder.Services,
                serviceKey is null ? Check : $"{Check}_{name}",
                settings.Config
            );
        }
    }

    private static Action<IServiceProvider, ProducerBuilder<TKey, TValue>>? WithoutServices<TKey, TValue>(
        Action<ProducerBuilder<TKey, TValue>>? configureBuilder
    ) => configureBuilder is null ? null : (_, producer) => configureBuilder(producer);
}
