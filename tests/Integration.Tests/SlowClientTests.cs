using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>What a client misses that reads too slowly, by the policy of the topic.</summary>
public sealed class SlowClientTests(SuiteFixture fixture)
{
    private const int Events = 200;

    private static readonly string Padding = new('x', 128 * 1024);

    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task A_slow_client_of_a_topic_that_drops_the_oldest_stays_and_gets_the_newest()
    {
        await using var slow = await _suite.ConnectAsync("slow1");
        await SubscribeAsync(slow, "ticker");
        await using var witnesses = await WitnessesAsync("ticker");
        for (var i = 0; i < Events; i++)
        {
            await _suite.PublishAsync("notifications", "tick", new { i, Padding }, "topic:ticker");
        }

        await witnesses.SawAsync(Events - 1);
        var received = await ReadNumbersAsync(slow, last: Events - 1);
        Assert.True(received.Count < Events, "Nothing was dropped: the client was not slow.");
        Assert.Equal(received.Order(), received);
    }

    [Fact]
    public async Task A_slow_client_gets_the_latest_price_of_each_product()
    {
        await using var slow = await SocketClient.ConnectAsync(
            _suite.SocketAddress($"/api/v1/ws/products?token={_suite.TokenFor("slow2")}")
        );
        await slow.ReadUntilAsync("connection_established");
        await using var witnesses = await WitnessesAsync("products");
        for (var i = 0; i < Events; i++)
        {
            await _suite.PublishAsync(
                "product-events",
                "price_updated",
                new
                {
                    product_id = $"p{i % 2}",
                    i,
                    Padding,
                }
            );
        }

        await witnesses.SawAsync(Events - 1);
        var received = await ReadNumbersAsync(slow, last: Events - 1);
        Assert.True(received.Count < Events, "Nothing was left out: the client was not slow.");
        Assert.Equal([Events - 2, Events - 1], received[^2..]);
    }

    private static async Task SubscribeAsync(SocketClient socket, string topic)
    {
        await socket.SendAsync(JsonSerializer.Serialize(new { type = "subscribe", topics = new[] { topic } }));
        await socket.ReadUntilAsync("subscription");
    }

    private static async Task<List<int>> ReadNumbersAsync(SocketClient socket, int last)
    {
        var numbers = new List<int>();
        while (numbers.Count == 0 || numbers[^1] != last)
        {
            // Products of other tests may still arrive.
            var data = (await socket.ReadAsync()).GetProperty("data");
            if (data.TryGetProperty("i", out var number))
            {
                numbers.Add(number.GetInt32());
            }
        }

        return numbers;
    }

    private async Task<Witnesses> WitnessesAsync(string topic)
    {
        var (first, second) = await _suite.ConnectToBothReplicasAsync("witness-" + Guid.NewGuid().ToString("N"));
        await SubscribeAsync(first, topic);
        await SubscribeAsync(second, topic);
        return new Witnesses(first, second);
    }

    /// <summary>A client at each replica. When both have an event, it has been offered to all clients, those that read nothing yet among them.</summary>
    private sealed record Witnesses(SocketClient First, SocketClient Second) : IAsyncDisposable
    {
        public async Task SawAsync(int number)
        {
            await ReadNumbersAsync(First, number);
            await ReadNumbersAsync(Second, number);
        }

        public async ValueTask DisposeAsync()
        {
            await First.DisposeAsync();
            await Second.DisposeAsync();
        }
    }
}
