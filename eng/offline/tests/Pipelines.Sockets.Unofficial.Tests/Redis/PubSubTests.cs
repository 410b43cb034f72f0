using System.Collections.Concurrent;
using System.Security.Cryptography;
using Pipelines.Sockets.Unofficial.Tests.Servers;
using StackExchange.Redis;

namespace Pipelines.Sockets.Unofficial.Tests.Redis;

public sealed class Garnet_publish_and_subscribe(GarnetServer server) : PubSubTests<GarnetServer>(server);

public sealed class Redis_publish_and_subscribe(RedisServer server) : PubSubTests<RedisServer>(server);

public sealed class Redis_publish_and_subscribe_over_TLS(TlsRedisServer server) : PubSubTests<TlsRedisServer>(server);

/// <summary>Messages that the server pushes.</summary>
public abstract class PubSubTests<TServer>(TServer server) : IClassFixture<TServer>, IAsyncLifetime
    where TServer : ServerProcess, new()
{
    private ConnectionMultiplexer _publisher = null!;
    private ConnectionMultiplexer _subscriber = null!;

    public async Task InitializeAsync()
    {
        _publisher = await server.ConnectAsync();
        _subscriber = await server.ConnectAsync();
    }

    public async Task DisposeAsync()
    {
        await _publisher.DisposeAsync();
        await _subscriber.DisposeAsync();
    }

    [Fact]
    public async Task Ten_thousand_messages_of_a_channel_arrive_in_order()
    {
        var channel = RedisChannel.Literal("ordered");
        var queue = await _subscriber.GetSubscriber().SubscribeAsync(channel).InTime("SUBSCRIBE");

        for (var i = 0; i < 10_000; i++)
        {
            _publisher.GetSubscriber().Publish(channel, i, CommandFlags.FireAndForget);
        }

        for (var i = 0; i < 10_000; i++)
        {
            var message = await queue.ReadAsync().AsTask().InTime($"message {i}");
            Assert.Equal(i, (int)message.Message);
        }
    }

    [Fact]
    public async Task Every_handler_of_a_channel_gets_every_message()
    {
        var channel = RedisChannel.Literal("handlers");
        int first = 0,
            second = 0;
        await _subscriber.GetSubscriber().SubscribeAsync(channel, (_, _) => Interlocked.Increment(ref first));
        await _subscriber.GetSubscriber().SubscribeAsync(channel, (_, _) => Interlocked.Increment(ref second));

        await Task.WhenAll(Enumerable.Range(0, 100).Select(i => _publisher.GetSubscriber().PublishAsync(channel, i)));

        await Eventually.Becomes(() => first == 100 && second == 100, "both handlers got 100 messages");
    }

    [Fact]
    public async Task A_pattern_gets_the_messages_of_its_channels_and_no_others()
    {
        var received = new ConcurrentQueue<string>();
        await _subscriber
            .GetSubscriber()
            .SubscribeAsync(
                RedisChannel.Pattern("news:*"),
                (channel, message) => received.Enqueue($"{channel}={message}")
            );

        var publisher = _publisher.GetSubscriber();
        await publisher.PublishAsync(RedisChannel.Literal("news:art"), "1");
        await publisher.PublishAsync(RedisChannel.Literal("other"), "2");
        await publisher.PublishAsync(RedisChannel.Literal("news:sport"), "3");

        await Eventually.Becomes(() => received.Count >= 2, "two messages arrived");
        Assert.Equal(["news:art=1", "news:sport=3"], received.Order());
    }

    [Fact]
    public async Task A_2_MB_message_arrives_byte_for_byte()
    {
        var channel = RedisChannel.Literal("large");
        var queue = await _subscriber.GetSubscriber().SubscribeAsync(channel);
        var payload = RandomNumberGenerator.GetBytes(2_000_000);

        await _publisher.GetSubscriber().PublishAsync(channel, payload).InTime("PUBLISH");

        var message = await queue.ReadAsync().AsTask().InTime("the message");
        Assert.True(payload.AsSpan().SequenceEqual((byte[]?)message.Message));
    }

    [Fact]
    public async Task Nothing_arrives_after_unsubscribing()
    {
        var quiet = RedisChannel.Literal("quiet");
        var loud = RedisChannel.Literal("loud");
        var subscriber = _subscriber.GetSubscriber();
        var publisher = _publisher.GetSubscriber();
        var received = 0;
        await subscriber.SubscribeAsync(quiet, (_, _) => Interlocked.Increment(ref received));
        var queue = await subscriber.SubscribeAsync(loud);
        await publisher.PublishAsync(quiet, "before");
        await Eventually.Becomes(() => received == 1, "the message before unsubscribing arrived");

        await subscriber.UnsubscribeAsync(quiet).InTime("UNSUBSCRIBE");

        Assert.Equal(0, await publisher.PublishAsync(quiet, "after"));
        await publisher.PublishAsync(loud, "the end");
        await queue.ReadAsync().AsTask().InTime("a later message of another channel");
        Assert.Equal(1, received);
    }
}
