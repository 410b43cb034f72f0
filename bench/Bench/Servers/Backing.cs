using RealtimeSuite.Testing.Servers;

namespace RealtimeSuite.Bench.Servers;

/// <summary>What all servers under load share: the one Redis that events are published on, and Kafka, which the gateway wants to see.</summary>
internal sealed class Backing : IAsyncDisposable
{
    private Backing(RedisServer redis, KafkaBroker kafka) => (Redis, Kafka) = (redis, kafka);

    /// <summary>The original Redis server, as the least that stands between publisher and server.</summary>
    public RedisServer Redis { get; }

    /// <summary>The embedded broker; nothing is published on it.</summary>
    public KafkaBroker Kafka { get; }

    /// <summary>Started.</summary>
    public static async Task<Backing> StartAsync()
    {
        if (!RedisServer.IsInstalled)
        {
            throw new InvalidOperationException("redis-server is needed: install the package of that name.");
        }

        var backing = new Backing(new RedisServer(), new KafkaBroker());
        await Task.WhenAll(backing.Redis.StartAsync(), backing.Kafka.StartAsync());
        return backing;
    }

    public async ValueTask DisposeAsync()
    {
        await Redis.DisposeAsync();
        await Kafka.DisposeAsync();
    }
}
