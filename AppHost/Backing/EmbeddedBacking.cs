using System.Globalization;
using System.Text;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.AppHost.Backing;

/// <summary>Redis and Kafka of the embedded mode, for development and tests only.</summary>
internal static class EmbeddedBacking
{
    /// <summary>Garnet, which speaks the Redis protocol. It writes an append-only file in a folder of this run: its own restart keeps all but the last moment.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddGarnet(
        this IDistributedApplicationBuilder builder,
        string name
    )
    {
        var port = Ports.ConfiguredOrFree(builder.Configuration, "Redis");
        return EmbeddedServer
            .Add(builder, name, EmbeddedPrograms.GarnetServer, port)
            .WithArgs("--bind", "127.0.0.1", "--port", port.ToString(CultureInfo.InvariantCulture))
            // Without the transaction mode, scripts of different connections run into one another.
            .WithArgs("--lua", "--lua-transaction-mode", "--device-type", "RandomAccess")
            .WithArgs("--aof", "--recover", "--checkpointdir", RunFolder.Create(builder.AppHostDirectory, name))
            .WithTcpHealthCheck(port, "PING\r\n");
    }

    /// <summary>librdkafka's own broker. It keeps records in memory: its restart loses them.</summary>
    public static IResourceBuilder<IResourceWithConnectionString> AddEmbeddedKafka(
        this IDistributedApplicationBuilder builder,
        string name
    )
    {
        var port = Ports.ConfiguredOrFree(builder.Configuration, "Kafka");
        return EmbeddedServer
            .Add(builder, name, EmbeddedPrograms.EmbeddedKafka, port)
            .WithEnvironment("KAFKA_PORT", port.ToString(CultureInfo.InvariantCulture))
            .WithEnvironment("KAFKA_TOPICS", string.Join(',', KafkaTopics.All))
            .WithTcpHealthCheck(port, greeting: null);
    }

    private static IResourceBuilder<EmbeddedServer> WithTcpHealthCheck(
        this IResourceBuilder<EmbeddedServer> server,
        int port,
        string? greeting
    )
    {
        var key = $"{server.Resource.Name}_tcp";
        var check = new TcpHealthCheck(port, greeting is null ? null : Encoding.ASCII.GetBytes(greeting));
        server
            .ApplicationBuilder.Services.AddHealthChecks()
            .Add(new HealthCheckRegistration(key, check, failureStatus: null, tags: null));
        return server.WithHealthCheck(key);
    }
}
