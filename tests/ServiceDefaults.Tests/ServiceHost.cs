using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace RealtimeSuite.ServiceDefaults.Tests;

/// <summary>Builds small hosts with the suite's messaging, quick to retry.</summary>
internal static class ServiceHost
{
    public static HostApplicationBuilder Create(string redis, string kafka)
    {
        var builder = Host.CreateApplicationBuilder(
            new HostApplicationBuilderSettings { DisableDefaults = true, EnvironmentName = Environments.Development }
        );
        builder.Configuration.AddInMemoryCollection(
            new Dictionary<string, string?>
            {
                ["ConnectionStrings:redis"] = redis,
                ["ConnectionStrings:kafka"] = kafka,
                ["Aspire:Confluent:Kafka:Consumer:Config:FetchWaitMaxMs"] = "10",
                // A machine that stands still for seconds costs no lease.
                ["Outbox:Lease"] = "00:01:00",
                ["KafkaConsumer:FirstBackoff"] = "00:00:00.005",
                ["KafkaConsumer:MaxBackoff"] = "00:00:00.050",
            }
        );
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddMetrics();
        return builder;
    }
}
