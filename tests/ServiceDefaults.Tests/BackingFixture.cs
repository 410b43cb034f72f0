using RealtimeSuite.Testing.Servers;

[assembly: AssemblyFixture(typeof(RealtimeSuite.ServiceDefaults.Tests.BackingFixture))]

namespace RealtimeSuite.ServiceDefaults.Tests;

/// <summary>One Garnet and one Kafka broker for all tests; each test uses names of its own.</summary>
public sealed class BackingFixture : IAsyncLifetime
{
    public GarnetServer Redis { get; private set; } = null!;

    public KafkaBroker Kafka { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Redis = await GarnetServer.RunAsync();
        Kafka = await KafkaBroker.RunAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Redis.DisposeAsync();
        await Kafka.DisposeAsync();
    }
}
