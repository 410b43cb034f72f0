using System.Text.Json;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;

[assembly: AssemblyFixture(typeof(RealtimeSuite.Api.Tests.ApiFixture))]

namespace RealtimeSuite.Api.Tests;

/// <summary>One Api with Redis and Kafka for all tests that harm nobody; each uses users of its own.</summary>
public sealed class ApiFixture : IAsyncLifetime
{
    public GarnetServer Redis { get; private set; } = null!;

    public KafkaBroker Kafka { get; private set; } = null!;

    public ApiServer Api { get; private set; } = null!;

    /// <summary>The events of one aggregate in Kafka, as soon as there are that many. More are a fault; the same one again is not, as the relay promises at least once.</summary>
    public async Task<IReadOnlyList<JsonElement>> EventsAsync(string topic, string key, int count)
    {
        List<JsonElement> events = [];
        await Eventually.TrueAsync(
            () =>
            {
                events =
                [
                    .. KafkaTail
                        .ReadAll(Kafka.Address, topic)
                        .Where(record => record.Message.Key == key)
                        .DistinctBy(record => record.Header("ce_id"))
                        .Select(record => JsonElement.Parse(record.Message.Value)),
                ];
                return events.Count >= count;
            },
            $"{count} events of {key} on {topic}",
            details: () => $"There are {events.Count}."
        );
        Assert.Equal(count, events.Count);
        return events;
    }

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
