using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Logging;

namespace Aspire.Confluent.Kafka;

/// <summary>What producers and consumers have in common.</summary>
internal static partial class KafkaSetup
{
    public static void RequireServers(ClientConfig config, string name, string section)
    {
        if (string.IsNullOrEmpty(config.BootstrapServers))
        {
            throw new InvalidOperationException(
                $"There is no Kafka broker to connect to: neither 'ConnectionStrings:{name}' "
                    + $"nor '{section}:ConnectionString' is set."
            );
        }
    }

    /// <summary>Sends the client's log to the application's, unless the application has set a handler of its own.</summary>
    public static void LogTo(IServiceProvider services, Action<Action<LogMessage>> setHandler)
    {
        var logger = services.GetRequiredService<ILoggerFactory>().CreateLogger("Aspire.Confluent.Kafka");
        try
        {
            setHandler(message =>
            {
                var level = (LogLevel)message.LevelAs(LogLevelType.MicrosoftExtensionsLogging);
                Log.Client(logger, level, message.Name, message.Facility, message.Message);
            });
        }
        catch (InvalidOperationException)
        {
            // A builder takes one handler; the application's was first.
            Log.HandlerOfTheApplication(logger);
        }
    }

    public static void AddHealthCheck(IServiceCollection services, string name, ClientConfig config)
    {
        services.AddHealthChecks();
        services.Configure<HealthCheckServiceOptions>(options =>
        {
            // Several clients of one connection share a check.
            if (options.Registrations.All(registration => registration.Name != name))
            {
                options.Registrations.Add(
                    new HealthCheckRegistration(
                        name,
                        provider => provider.GetRequiredKeyedService<KafkaHealthCheck>(name),
                        failureStatus: null,
                        tags: null
                    )
                );
            }
        });
        services.AddKeyedSingleton(name, (_, _) => new KafkaHealthCheck(config));
    }

    private static partial class Log
    {
        [LoggerMessage("{Client} {Facility}: {Message}")]
        public static partial void Client(
            ILogger logger,
            LogLevel level,
            string client,
            string facility,
            string message
        );

        [LoggerMessage(LogLevel.Debug, "The Kafka client has a log handler of the application's.")]
        public static partial void HandlerOfTheApplication(ILogger logger);
    }
}
