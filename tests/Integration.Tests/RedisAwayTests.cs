using System.Diagnostics;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>Redis dies under connected clients. A suite of its own.</summary>
public sealed class RedisAwayTests
{
    private const int Before = 20;
    private const int Meanwhile = 40;
    private const int Afterwards = 20;

    [Fact]
    public async Task While_redis_is_dead_events_go_on_and_when_it_is_back_none_is_missing_and_none_comes_twice()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var suite = await Suite.StartAsync(withDashboard: false, cancellation, "--Resources:Restart=false");
        var (first, second) = await suite.ConnectToBothReplicasAsync("user1");
        await using var firstSocket = first;
        await using var secondSocket = second;

        await PublishAsync(suite, 0, Before);
        await ExpectAsync([first, second], 0, Before, isNumbered: true);

        Kill((await suite.ProcessesAsync("redis", 1))[0]);
        await PublishAsync(suite, Before, Meanwhile);
        await ExpectAsync([first, second], Before, Meanwhile, isNumbered: false);
        using var gateway = suite.Gateway();
        Assert.Equal("Degraded", await gateway.GetStringAsync(new Uri("/health", UriKind.Relative), cancellation));

        // A client that comes now gets what happens from now on, and an honest answer about what was.
        await using var third = await suite.ConnectAsync("user1");
        await third.SendAsync("""{"type":"resume","positions":{"user:user1":{"epoch":"e","offset":3}}}""");
        var channels = (await third.ReadUntilAsync("resumed")).GetProperty("channels");
        Assert.False(channels.GetProperty("user:user1").GetProperty("recovered").GetBoolean());

        await RestartAsync(suite, cancellation);
        await NumberedAgainAsync(suite, [first, second, third]);
    }

    /// <summary>Publishes until numbers come again; until then, and then, every socket gets each event once and in order.</summary>
    private static async Task NumberedAgainAsync(Suite suite, SocketClient[] sockets)
    {
        var next = Before + Meanwhile;
        for (var numbered = 0; numbered < Afterwards; next++)
        {
            await PublishAsync(suite, next, 1);
            var frames = await Task.WhenAll(sockets.Select(socket => socket.ReadUntilAsync("task_update")));
            Assert.All(frames, frame => Assert.Equal(next, Number(frame)));
            numbered += frames.All(IsNumbered) ? 1 : 0;
        }
    }

    private static async Task PublishAsync(Suite suite, int from, int count)
    {
        for (var n = from; n < from + count; n++)
        {
            await suite.PublishAsync("task-updates", "task.created", new { n }, "user:user1");
        }
    }

    private static async Task ExpectAsync(SocketClient[] sockets, int from, int count, bool isNumbered)
    {
        foreach (var socket in sockets)
        {
            for (var n = from; n < from + count; n++)
            {
                var frame = await socket.ReadUntilAsync("task_update");
                Assert.Equal(n, Number(frame));
                Assert.Equal(isNumbered, IsNumbered(frame));
            }
        }
    }

    private static int Number(JsonElement frame) => frame.GetProperty("event").GetProperty("n").GetInt32();

    private static bool IsNumbered(JsonElement frame) => frame.GetProperty("meta").TryGetProperty("offset", out _);

    private static async Task RestartAsync(Suite suite, CancellationToken cancellationToken)
    {
        await Eventually.TrueAsync(
            async () =>
            {
                try
                {
                    await using var redis = await suite.RedisAsync();
                    return redis.IsConnected;
                }
                catch (StackExchange.Redis.RedisException)
                {
                    await suite.StartAgainAsync("redis", cancellationToken);
                    return false;
                }
            },
            "Redis runs again",
            TimeSpan.FromMinutes(1)
        );
    }

    private static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }
}
