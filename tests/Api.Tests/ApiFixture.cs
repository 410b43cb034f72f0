using RealtimeSuite.Testing.Servers;

[assembly: AssemblyFixture(typeof(RealtimeSuite.Api.Tests.ApiFixture))]

namespace RealtimeSuite.Api.Tests;

/// <summary>One Api with Redis and Kafka for all tests that harm nobody; each uses users of its own.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    public GarnetServer Redis { get; private set; } = null!;

    public KafkaBroker Kafka { get; private set; } = null!;

    public ApiServer Api { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Redis = await GarnetServer.RunAsync();
        Kafka = await KafkaBroker.RunAsync();
        Api = new ApiServer(Redis.Address, Kafka.Address);
        await Api.StartAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await Api.DisposeAsync();
        await Redis.DisposeAsync();
        await Kafka.DisposeAsync();
    }
}
