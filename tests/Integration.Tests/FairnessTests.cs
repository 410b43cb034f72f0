using System.Diagnostics;
using System.Globalization;
using RealtimeSuite.Testing;
using StackExchange.Redis;

namespace RealtimeSuite.Integration.Tests;

public sealed class FairnessTests
{
    private const int Readers = 20;
    private const int Messages = 1_000;
    private const int AtOnce = 10;
    private const string UserId = "fair";

    // Together more than the queue of a connection and all buffers of the network on the way.
    private static readonly string Padding = new('x', 24 * 1024);

    // Both runs are on a machine that does other things as well: what matters is that they are of one order of magnitude.
    private const double Factor = 3;
    private static readonly TimeSpan Grace = TimeSpan.FromMilliseconds(50);

    [Fact]
    public async Task A_socket_that_never_reads_does_not_slow_the_others_down()
    {
        await using var suite = await Suite.StartAsync(
            withDashboard: false,
            TestContext.Current.CancellationToken,
            "--Gateway:Environment:WEBSOCKET_MAX_CONNECTIONS_PER_USER=50"
        );
        await using var redis = await suite.RedisAsync();
        var readers = await Task.WhenAll(Enumerable.Range(0, Readers).Select(_ => suite.ConnectAsync(UserId)));

        await RunAsync(redis, readers, 300);
        var without = Percentile(await RunAsync(redis, readers, Messages), 0.99);

        await using var stalled = await suite.ConnectAsync(UserId);
        var with = Percentile(await RunAsync(redis, readers, Messages), 0.99);
        await stalled.ReadToEndAsync();

        Assert.Equal(4008, stalled.CloseCode);
        TestContext.Current.TestOutputHelper?.WriteLine($"p99 without: {without}, with: {with}");
        Assert.True(with <= (without * Factor) + Grace, $"p99 is {with} with a stalled socket and {without} without.");
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
}
