using System.Diagnostics;
using System.Text.Json;
using Confluent.Kafka;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using RealtimeSuite.Contracts;
using RealtimeSuite.Messaging;
using RealtimeSuite.Messaging.Outbox;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;
using StackExchange.Redis;

namespace RealtimeSuite.ServiceDefaults.Tests;

public sealed class OutboxTests(BackingFixture backing)
{
    private readonly string _name = "t" + Guid.NewGuid().ToString("N");

    [Fact]
    public async Task Every_committed_event_is_in_kafka_once_and_in_order_of_its_aggregate()
    {
        using var host = await StartAsync(backing.Kafka.Address);
        var writer = host.Services.GetRequiredService<AggregateWriter>();
        for (var i = 1; i <= 50; i++)
        {
            Assert.True(await writer.TryCommitAsync(Change("a", i - 1, $"a{i}")));
            Assert.True(await writer.TryCommitAsync(Change("b", i - 1, $"b{i}")));
        }

        var records = await RecordsAsync(100);
        Assert.Equal(Enumerable.Range(1, 50).Select(i => $"a{i}"), IdsOf(records, "a"));
        Assert.Equal(Enumerable.Range(1, 50).Select(i => $"b{i}"), IdsOf(records, "b"));
    }

    [Fact]
    public async Task A_record_carries_id_type_and_the_trace_that_caused_it()
    {
        using var host = await StartAsync(backing.Kafka.Address);
        using var cause = new Activity("request").SetIdFormat(ActivityIdFormat.W3C).Start();
        await host.Services.GetRequiredService<AggregateWriter>().TryCommitAsync(Change("a", 0, "e1"));

        var record = Assert.Single(await RecordsAsync(1));
        Assert.Equal("e1", record.Header(KafkaHeaders.EventId));
        Assert.Equal("task.created", record.Header(KafkaHeaders.EventType));
        Assert.Contains(cause.TraceId.ToHexString(), record.Header(KafkaHeaders.TraceParent), StringComparison.Ordinal);
        Assert.Equal(
            "1.0",
            JsonDocument.Parse(record.Message.Value).RootElement.GetProperty("specversion").GetString()
        );
    }

    [Fact]
    public async Task Of_changes_from_the_same_version_one_wins_and_only_it_tells_an_event()
    {
        const int Rounds = 50;
        using var first = await StartAsync(backing.Kafka.Address);
        using var second = await StartAsync(backing.Kafka.Address);
        AggregateWriter[] writers =
        [
            first.Services.GetRequiredService<AggregateWriter>(),
            second.Services.GetRequiredService<AggregateWriter>(),
        ];
        for (var round = 0; round < Rounds; round++)
        {
            var won = await Task.WhenAll(
                Enumerable.Range(0, 16).Select(i => writers[i % 2].TryCommitAsync(Change("a", round, $"{round}-{i}")))
            );
            Assert.Single(won, true);
        }

        Assert.Equal(
            Enumerable.Range(0, Rounds).Select(round => $"{round}"),
            IdsOf(await RecordsAsync(Rounds), "a").Select(id => id!.Split('-')[0])
        );
    }

    [Fact]
    public async Task Events_wait_while_the_broker_is_away_and_arrive_in_order_when_it_comes()
    {
        await using var broker = new KafkaBroker();
        using var host = await StartAsync(broker.Address);
        var writer = host.Services.GetRequiredService<AggregateWriter>();
        for (var i = 1; i <= 20; i++)
        {
            await writer.TryCommitAsync(Change("a", i - 1, $"e{i}"));
        }

        await using var redis = await backing.Redis.ConnectAsync();
        Assert.Equal(20, await redis.GetDatabase().ListLengthAsync("outbox:" + _name));

        await broker.StartAsync();
        await EmptyAsync(redis);
        Assert.Equal(
            Enumerable.Range(1, 20).Select(i => $"e{i}"),
            IdsOf(KafkaTail.ReadAll(broker.Address, _name), "a")
        );
    }

    [Fact]
    public async Task Two_replicas_share_an_outbox_without_sending_anything_twice()
    {
        using var first = await StartAsync(backing.Kafka.Address);
        using var second = await StartAsync(backing.Kafka.Address);
        AggregateWriter[] writers =
        [
            first.Services.GetRequiredService<AggregateWriter>(),
            second.Services.GetRequiredService<AggregateWriter>(),
        ];
        for (var i = 1; i <= 100; i++)
        {
            await writers[i % 2].TryCommitAsync(Change("a", i - 1, $"e{i}"));
        }

        Assert.Equal(Enumerable.Range(1, 100).Select(i => $"e{i}"), IdsOf(await RecordsAsync(100), "a"));
    }

    [Fact]
    public async Task A_replica_that_died_after_sending_leaves_events_that_another_sends_again_with_the_same_ids()
    {
        // What such a death leaves behind: events in Kafka, the same still in the list, and a lease that nobody renews.
        await using var redis = await backing.Redis.ConnectAsync();
        using (var dying = await StartAsync(backing.Kafka.Address))
        {
            await dying.Services.GetRequiredService<AggregateWriter>().TryCommitAsync(Change("a", 0, "e1"));
            await RecordsAsync(1);
            await EmptyAsync(redis);
            await dying.StopAsync(TestContext.Current.CancellationToken);
        }

        var database = redis.GetDatabase();
        await database.ListRightPushAsync("outbox:" + _name, Change("a", 1, "e1").Events[0].ToJson());
        await database.StringSetAsync($"outbox:{_name}:lease", "dead", TimeSpan.FromSeconds(1));

        using var other = await StartAsync(backing.Kafka.Address);
        await EmptyAsync(redis);
        Assert.Equal(["e1", "e1"], IdsOf(await RecordsAsync(2), "a"));
    }

    [Fact]
    public async Task An_entry_that_can_never_be_sent_is_put_aside_and_those_behind_it_go_on()
    {
        await using var redis = await backing.Redis.ConnectAsync();
        await redis.GetDatabase().ListRightPushAsync("outbox:" + _name, "no entry");
        using var host = await StartAsync(backing.Kafka.Address);
        await host.Services.GetRequiredService<AggregateWriter>().TryCommitAsync(Change("a", 0, "e1"));

        Assert.Equal(["e1"], IdsOf(await RecordsAsync(1), "a"));
        await EmptyAsync(redis);
        Assert.Equal("no entry", await redis.GetDatabase().ListGetByIndexAsync($"outbox:{_name}:dead", 0));
    }

    [Fact]
    public async Task An_entry_that_cannot_be_read_stops_nothing_while_the_broker_is_away()
    {
        await using var broker = new KafkaBroker();
        await using var redis = await backing.Redis.ConnectAsync();
        await redis.GetDatabase().ListRightPushAsync("outbox:" + _name, "no entry");
        await redis.GetDatabase().ListRightPushAsync("outbox:" + _name, Change("a", 0, "e1").Events[0].ToJson());
        using var host = await StartAsync(broker.Address, ("Outbox:Lease", "00:00:00.300"));
        var stopped = host.Services.GetRequiredService<IHostApplicationLifetime>().ApplicationStopping;

        // Several renewals of the lease while nothing can be sent.
        await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
        Assert.False(stopped.IsCancellationRequested);
        await broker.StartAsync();
        await EmptyAsync(redis);

        // A lease as short as this may be lost on a busy machine: then the event comes again.
        Assert.Equal(["e1"], IdsOf(KafkaTail.ReadAll(broker.Address, _name), "a").Distinct());
    }

    [Fact]
    public async Task What_the_client_cannot_take_now_is_sent_later_in_order_and_never_put_aside()
    {
        await using var broker = new KafkaBroker();
        using var host = await StartAsync(
            broker.Address,
            ("Aspire:Confluent:Kafka:Producer:Config:QueueBufferingMaxMessages", "5")
        );
        var writer = host.Services.GetRequiredService<AggregateWriter>();
        for (var i = 1; i <= 30; i++)
        {
            await writer.TryCommitAsync(Change("a", i - 1, $"e{i}"));
        }

        await broker.StartAsync();
        await using var redis = await backing.Redis.ConnectAsync();
        await EmptyAsync(redis);
        Assert.Equal(0, await redis.GetDatabase().ListLengthAsync($"outbox:{_name}:dead"));
        Assert.Equal(
            Enumerable.Range(1, 30).Select(i => $"e{i}"),
            IdsOf(KafkaTail.ReadAll(broker.Address, _name), "a").Distinct()
        );
    }

    private async Task<IHost> StartAsync(string kafka, params (string Key, string Value)[] settings)
    {
        var builder = ServiceHost.Create(backing.Redis.Address, kafka);
        foreach (var (key, value) in settings)
        {
            builder.Configuration[key] = value;
        }

        builder.AddRedis();
        builder.AddOutbox(_name);
        var host = builder.Build();
        await host.StartAsync(TestContext.Current.CancellationToken);
        return host;
    }

    private AggregateChange Change(string id, long version, string eventId)
    {
        var now = DateTimeOffset.UnixEpoch;
        var cloudEvent = new CloudEvent
        {
            Id = eventId,
            Source = "/tests",
            Type = "task.created",
            Time = now,
            Data = JsonSerializer.SerializeToElement("x"),
        };
        return new AggregateChange
        {
            Key = $"{_name}:{id}",
            IndexKey = _name + ":index",
            IndexMember = id,
            IndexScore = 0,
            ExpectedVersion = version,
            State = "{}"u8.ToArray(),
            Events = [OutboxEntry.For(_name, id, cloudEvent, now)],
        };
    }

    private async Task<List<ConsumeResult<string, byte[]>>> RecordsAsync(int count)
    {
        List<ConsumeResult<string, byte[]>> records = [];
        await Eventually.TrueAsync(
            () => (records = KafkaTail.ReadAll(backing.Kafka.Address, _name)).Count >= count,
            $"{count} records in Kafka",
            details: () => $"There are {records.Count}."
        );
        Assert.Equal(count, records.Count);
        return records;
    }

    private Task EmptyAsync(ConnectionMultiplexer redis) =>
        Eventually.TrueAsync(
            async () => await redis.GetDatabase().ListLengthAsync("outbox:" + _name) == 0,
            "the outbox is empty"
        );

    private static IEnumerable<string?> IdsOf(IEnumerable<ConsumeResult<string, byte[]>> records, string key) =>
        records.Where(record => record.Message.Key == key).Select(record => record.Header(KafkaHeaders.EventId));
}
