using System.Diagnostics;
using Pipelines.Sockets.Unofficial.Tests.Servers;
using StackExchange.Redis;

namespace Pipelines.Sockets.Unofficial.Tests.Redis;

public sealed class Garnet_failures : FailureTests<GarnetServer>;

public sealed class Redis_failures : FailureTests<RedisServer>;

public sealed class Redis_failures_over_TLS : FailureTests<TlsRedisServer>;

/// <summary>
/// What happens to a client when its server dies, restarts or hangs. Each test has a server of its own.
/// </summary>
public abstract class FailureTests<TServer> : IAsyncLifetime
    where TServer : ServerProcess, new()
{
    private readonly TServer _server = new();

    public Task InitializeAsync() => _server.InitializeAsync();

    public Task DisposeAsync() => _server.DisposeAsync();

    [Fact]
    public async Task After_a_crash_pending_calls_fail_and_later_ones_work_again_with_all_subscriptions()
    {
        await using var redis = await _server.ConnectAsync();
        var db = redis.GetDatabase();
        var channel = RedisChannel.Literal("survivor");
        var received = 0;
        await redis.GetSubscriber().SubscribeAsync(channel, (_, _) => Interlocked.Increment(ref received));

        await _server.FreezeAsync(); // so that the calls are sent and not answered
        var pending = Enumerable.Range(0, 100).Select(i => db.StringSetAsync($"pending:{i}", i)).ToArray();
        _server.Kill();
        foreach (var call in pending)
        {
            // The client fails them with an error of its own or cancels them, whichever part of it notices first.
            var failure = await Record.ExceptionAsync(() => call.InTime("the failure of a pending call"));
            Assert.True(failure is RedisException or TaskCanceledException, $"It ended with {failure?.GetType()}.");
        }

        await _server.StartAsync();

        await Eventually.Becomes(() => db.StringSetAsync("again", 1), "a call succeeds after the restart");
        await Eventually.Becomes(
            async () => await db.PublishAsync(channel, "hello") == 1,
            "the subscription is restored"
        );
        await Eventually.Becomes(() => received > 0, "a message arrives after the restart");
    }

    [Fact]
    public async Task A_frozen_server_costs_time_outs_but_no_threads_and_recovers()
    {
        var options = _server.Options();
        options.AsyncTimeout = 1_000;
        options.SyncTimeout = 1_000; // also how long asynchronous calls wait for their turn to write
        await using var redis = await _server.ConnectAsync(options);
        var db = redis.GetDatabase();
        await db.StringSetAsync("warm", "up");
        await _server.FreezeAsync();
        try
        {
            // More than socket buffers and pipe hold, so that the send loop and the writer have to wait as well.
            var value = new byte[100_000];
            var calls = Enumerable
                .Range(0, 100)
                .Select(i => Task.Run(() => db.StringSetAsync($"frozen:{i}", value)))
                .ToArray();

            var slowest = TimeSpan.Zero;
            while (!calls.All(call => call.IsCompleted))
            {
                var clock = Stopwatch.StartNew();
                await Task.Run(() => { }).InTime("a turn on the thread pool");
                slowest = clock.Elapsed > slowest ? clock.Elapsed : slowest;
                await Task.WhenAny(Task.WhenAll(calls), Task.Delay(20));
            }

            Assert.All(
                calls,
                call =>
                    Assert.True(
                        call.Exception?.InnerException is RedisTimeoutException or RedisConnectionException,
                        $"{call.Status} {call.Exception?.InnerException?.GetType()}"
                    )
            );
            Assert.True(slowest < TimeSpan.FromSeconds(3), $"The thread pool took {slowest} for an empty task.");
        }
        finally
        {
            _server.Thaw();
        }

        await Eventually.Becomes(
            async () =>
            {
                await db.StringSetAsync("after", "thaw");
                return await db.StringGetAsync("after") == "thaw";
            },
            "calls succeed after the thaw"
        );
    }

    [Fact]
    public async Task A_disposed_client_leaves_no_thread_and_no_socket()
    {
        var socketsBefore = OpenSockets();
        for (var round = 0; round < 5; round++)
        {
            using var manager = new SocketManager($"leak{round}", workerCount: 3);
            var options = _server.Options();
            options.SocketManager = manager;
            await using var redis = await _server.ConnectAsync(options);
            await redis.GetSubscriber().SubscribeAsync(RedisChannel.Literal("leak"), (_, _) => { });
            await redis.GetDatabase().PingAsync().InTime("PING");
            Assert.Equal(3, Threads($"leak{round}:IO"));
            Assert.True(OpenSockets() > socketsBefore);
        }

        await Eventually.Becomes(() => Threads("leak") == 0, "the threads have ended");
        await Eventually.Becomes(() => OpenSockets() <= socketsBefore, "the sockets are closed");
    }

    private static int OpenSockets() =>
        new DirectoryInfo("/proc/self/fd")
            .EnumerateFileSystemInfos()
            .Count(fd => fd.LinkTarget?.StartsWith("socket:", StringComparison.Ordinal) == true);

    private static int Threads(string prefix) =>
        Directory
            .EnumerateDirectories("/proc/self/task")
            .Count(task => NameOf(task)?.StartsWith(prefix, StringComparison.Ordinal) == true);

    private static string? NameOf(string task)
    {
        try
        {
            return File.ReadAllText(Path.Combine(task, "comm")).TrimEnd();
        }
        catch (IOException)
        {
            return null; // the thread has ended meanwhile
        }
    }
}
