using System.Text;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Messaging;
using RealtimeSuite.Messaging.Publishing;
using RealtimeSuite.Testing;

namespace RealtimeSuite.ServiceDefaults.Tests;

/// <summary>What another .NET backend does to publish, as seed 003 prints it for Python.</summary>
public sealed class PublisherTests(BackingFixture backing)
{
    private static readonly DateTimeOffset Noon = new(2026, 2, 7, 12, 0, 0, TimeSpan.Zero);

    private readonly string _id = Guid.NewGuid().ToString();

    [Fact]
    public async Task An_order_update_is_in_kafka_under_its_order_when_the_call_returns()
    {
        using var host = Start();
        var data = new OrderStatusChanged
        {
            OrderId = _id,
            OldStatus = "processing",
            NewStatus = "shipped",
            Timestamp = Noon,
        };
        await Publisher(host).PublishAsync(ShopEvents.OrderUpdate(_id, data, Noon, "/orders", ownerId: "42"));

        var record = RecordOf(KafkaTopics.OrderEvents);
        var json = JsonElement.Parse(record.Message.Value);
        Assert.Equal("order_status_changed", record.Header("ce_type"));
        Assert.Equal("user:42", json.GetProperty("audience").GetString());
        Assert.Equal(
            $$"""{"order_id":"{{_id}}","old_status":"processing","new_status":"shipped","timestamp":"2026-02-07T12:00:00.000Z"}""",
            json.GetProperty("data").GetRawText()
        );
    }

    [Fact]
    public async Task A_product_update_is_in_kafka_under_its_product_when_the_call_returns()
    {
        using var host = Start();
        var data = new InventoryUpdated
        {
            ProductId = _id,
            Sku = "LAMP-01",
            OldQuantity = 10,
            NewQuantity = 5,
            Timestamp = Noon,
        };
        await Publisher(host).PublishAsync(ShopEvents.ProductUpdate(_id, data, Noon, "/inventory"));
        Assert.Contains(
            "\"new_quantity\":5",
            Encoding.UTF8.GetString(RecordOf(KafkaTopics.ProductEvents).Message.Value),
            StringComparison.Ordinal
        );
    }

    private IHost Start()
    {
        var builder = ServiceHost.Create(backing.Redis.Address, backing.Kafka.Address);
        builder.AddEventPublisher();
        return builder.Build();
    }

    private static EventPublisher Publisher(IHost host) => host.Services.GetRequiredService<EventPublisher>();

    private ConsumeResult<string, byte[]> RecordOf(string topic) =>
        Assert.Single(KafkaTail.ReadAll(backing.Kafka.Address, topic), record => record.Message.Key == _id);
}
