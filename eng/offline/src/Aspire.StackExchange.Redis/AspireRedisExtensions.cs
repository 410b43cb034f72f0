using Aspire.StackExchange.Redis;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using StackExchange.Redis;

namespace Microsoft.Extensions.Hosting;

/// <summary>Registers clients of a Redis server.</summary>
public static class AspireRedisExtensions
{
    private const string Section = "Aspire:StackExchange:Redis";

    /// <summary>Registers a singleton <see cref="IConnectionMultiplexer"/>.</summary>
    public static void AddRedisClient(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null
    ) => builder.AddRedisClientBuilder(connectionName, configureSettings, configureOptions);

    /// <summary>Registers a singleton <see cref="IConnectionMultiplexer"/>.</summary>
    public static AspireRedisClientBuilder AddRedisClientBuilder(
        this IHostApplicationBuilder builder,
        string connectionName,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null
    ) => Add(builder, connectionName, serviceKey: null, configureSettings, configureOptions);

    /// <summary>Registers a singleton <see cref="IConnectionMultiplexer"/> with the key <paramref name="name"/>.</summary>
    public static void AddKeyedRedisClient(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null
    ) => builder.AddKeyedRedisClientBuilder(name, configureSettings, configureOptions);

    /// <summary>Registers a singleton <see cref="IConnectionMultiplexer"/> with the key <paramref name="name"/>.</summary>
    public static AspireRedisClientBuilder AddKeyedRedisClientBuilder(
        this IHostApplicationBuilder builder,
        string name,
        Action<StackExchangeRedisSettings>? configureSettings = null,
        Action<ConfigurationOptions>? configureOptions = null
    ) => Add(builder, name, serviceKey: name, configureSettings, configureOptions);

    private static AspireRedisClientBuilder Add(
        IHostApplicationBuilder builder,
        string name,
        string? serviceKey,
        Action<StackExchangeRedisSettings>? configureSettings,
        Action<ConfigurationOptions>? configureOptions
    )
    {
        ArgumentNullException.ThrowIfNull(builder);
        ArgumentException.ThrowIfNullOrEmpty(name);

        // What is set for this client goes before what is set for all.
        var forAll = builder.Configuration.GetSection(Section);
        var forThis = forAll.GetSection(name);

        var settings = new StackExchangeRedisSettings();
        forAll.Bind(settings);
        forThis.Bind(settings);
        settings.ConnectionString = builder.Configuration.GetConnectionString(name) ?? settings.ConnectionString;
        configureSettings?.Invoke(settings);

        var optionsName = serviceKey ?? Options.Options.DefaultName;
        RedisOptionsFactory.Register(builder.Services, optionsName, settings);
        builder.Services.Configure<ConfigurationOptions>(
            optionsName,
            options =>
            {
                forAll.GetSection(nameof(ConfigurationOptions)).Bind(options);
                forThis.GetSection(nameof(ConfigurationOptions)).Bind(options);
                configureOptions?.Invoke(options);
            }
        );

        IConnectionMultiplexer Connect(IServiceProvider services)
        {
            var options = services.GetRequiredService<IOptionsMonitor<ConfigurationOptions>>().Get(optionsName);
            if (options.EndPoints.Count == 0)
            {
                throw new InvalidOperationException(
                    $"There is no Redis server to connect to: neither 'ConnectionStrings:{name}' "
                        + $"nor '{Section}:ConnectionString' is set."
                );
            }

            options.LoggerFactory ??= services.GetService<ILoggerFactory>();
            return ConnectionMultiplexer.Connect(options);
        }

        if (serviceKey is null)
        {
            builder.Services.AddSingleton(Connect);
        }
        else
        {
            builder.Services.AddKeyedSingleton(serviceKey, (services, _) => Connect(services));
        }

        if (!settings.DisableAutoActivation)
        {
            builder.Services.AddSingleton<IHostedService>(services => new RedisActivator(() =>
                Resolve(services, serviceKey)
            ));
        }

        if (!settings.DisableHealthChecks)
        {
            builder
                .Services.AddHealthChecks()
                .Add(
                    new HealthCheckRegistration(
                        serviceKey is null ? "StackExchange.Redis" : $"StackExchange.Redis_{name}",
                        services => new RedisHealthCheck(() => Resolve(services, serviceKey)),
                        failureStatus: null,
                        tags: null
                    )
                );
        }

        return new AspireRedisClientBuilder(builder, settings, serviceKey);
    }

    private static IConnectionMultiplexer Resolve(IServiceProvider services, string? serviceKey) =>
        serviceKey is null
            ? services.GetRequiredService<IConnectionMultiplexer>()
            : services.GetRequiredKeyedService<IConnectionMultiplexer>(serviceKey);
}
