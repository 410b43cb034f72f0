using System.Diagnostics;
using System.Globalization;
using RealtimeSuite.Testing;
using StackExchange.Redis;

namespace RealtimeSuite.Integration.Tests;

/// <summary>A suite of its own, in which a client that reads nothing may hear of its end as late as the test reads.</summary>
public sealed class FairnessTests(FairnessTests.OwnSuite own) : IClassFixture<FairnessTests.OwnSuite>
{
    private const int Readers = 20;
    private const int Messages = 1_000;
    private const int AtOnce = 10;
    private const string UserId = "fair";

    // Together more than the queue of a connection and all buffers of the network on the way.
    private static readonly string Padding = new('x', 24 * 1024);

    // Both runs are on a machine that does other things as well: what matters is that they are of one order of magnitude. Whoever waited
    // for the stalled socket would wait longer than a reader does.
    private const double Part = 0.9;
    private const double Factor = 3;
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    private readonly Suite _suite = own.Suite;

    [Fact]
    public async Task A_client_that_does_not_read_is_closed_with_4008_and_its_neighbour_gets_everything()
    {
        await using var stalled = await _suite.ConnectAsync("crowd");
        await using var neighbour = await _suite.ConnectAsync("crowd");
        await using var redis = await _suite.RedisAsync();
        var message = new string('x', 128 * 1024);
        for (var i = 0; i < 200; i++)
        {
            await redis.GetSubscriber().PublishAsync(RedisChannel.Literal("ws:crowd"), message);
            Assert.Equal(message.Length, (await neighbour.ReadTextAsync())!.Length);
        }

        await stalled.ReadToEndAsync();
        Assert.Equal(4008, stalled.CloseCode);
    }

    [Fact]
    public async Task A_socket_that_never_reads_does_not_slow_the_others_down()
    {
        await using var redis = await _suite.RedisAsync();
        var readers = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => _suite.ConnectAsync(UserId)));

        await RunAsync(redis, readers, 300);
        var without = Percentile(await RunAsync(redis, readers, Messages), Part);

        await using var stalled = await _suite.ConnectAsync(UserId);
        var with = Percentile(await RunAsync(redis, readers, Messages), Part);
        await stalled.ReadToEndAsync();

        Assert.Equal(4008, stalled.CloseCode);
        TestContext.Current.TestOutputHelper?.WriteLine($"{Part:P0} within {without} without, {with} with");
        Assert.True(with <= (without * Factor) + Grace, $"It took {with} with a stalled socket and {without} without.");
        foreach (var reader in readers)
        {
            await reader.DisposeAsync();
        }
    }

    /// <summary>Publishes, a few messages at a time, and waits until every reader has them: all, once, and in order. Answers how long each took.</summary>
    private static async Task<List<TimeSpan>> RunAsync(
        ConnectionMultiplexer redis,
        SocketClient[] readers,
        int messages
    )
    {
        var took = new List<TimeSpan>(messages * readers.Length);
        for (var first = 0; first < messages; first += AtOnce)
        {
            foreach (var number in Enumerable.Range(first, AtOnce))
            {
                _ = await redis
                    .GetSubscriber()
                    .PublishAsync(
                        RedisChannel.Literal("ws:" + UserId),
                        $"{number}|{Stopwatch.GetTimestamp()}|{Padding}"
                    );
            }

            var batches = await Task.WhenAll(readers.Select(reader => ReadAsync(reader, first)));
            took.AddRange(batches.SelectMany(batch => batch));
        }

        return took;
    }

    private static async Task<List<TimeSpan>> ReadAsync(SocketClient reader, int first)
    {
        var took = new List<TimeSpan>(AtOnce);
        while (took.Count < AtOnce)
        {
            var text = await reader.ReadTextAsync();
            Assert.NotNull(text);
            if (text.StartsWith('{'))
            {
                // A frame of the gateway's own.
                continue;
            }

            var parts = text.Split('|', 3);
            Assert.Equal($"{first + took.Count}", parts[0]);
            took.Add(Stopwatch.GetElapsedTime(long.Parse(parts[1], CultureInfo.InvariantCulture)));
        }

        return took;
    }

    private static TimeSpan Percentile(List<TimeSpan> values, double part)
    {
        values.Sort();
        return values[(int)(values.Count * part)];
    }

    /// <summary>The suite of these tests.</summary>
    public sealed class OwnSuite : IAsyncLifetime
    {
        public Suite Suite { get; private set; } = null!;

        public async ValueTask InitializeAsync() =>
            Suite = await Suite.StartAsync(
                withDashboard: false,
                TestContext.Current.CancellationToken,
                "--Gateway:Environment:WEBSOCKET_MAX_CONNECTIONS_PER_USER=50",
                "--Gateway:Environment:Gateway__CloseTimeout=00:02:00"
            );

        public ValueTask DisposeAsync() => Suite.DisposeAsync();
    }
}
