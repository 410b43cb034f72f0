using RealtimeSuite.Testing.Servers;

namespace RealtimeSuite.Bench.Servers;

/// <summary>What all servers under load share: the one Redis that events are published on, and Kafka, which the gateway wants to see.</summary>
internal sealed class Backing : IAsyncDisposable
{
    private Backing(ServerProcess redis, KafkaBroker kafka) => (Redis, Kafka) = (redis, kafka);

    /// <summary>The original Redis server, as the least that stands between publisher and server; Garnet where it is not installed.</summary>
    public ServerProcess Redis { get; }

    /// <summary>The embedded broker; nothing is published on it.</summary>
    public KafkaBroker Kafka { get; }

    /// <summary>Started.</summary>
    public static async Task<Backing> StartAsync()
    {
        var backing = new Backing(RedisServer.IsInstalled ? new RedisServer() : new GarnetServer(), new KafkaBroker());
        await Task.WhenAll(backing.Redis.StartAsync(), backing.Kafka.StartAsync());
        return backing;
    }

    public async ValueTask DisposeAsync()
    {
        await Redis.DisposeAsync();
        await Kafka.DisposeAsync();
    }
}
