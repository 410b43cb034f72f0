using System.Diagnostics;
using System.Globalization;
using Pipelines.Sockets.Unofficial.Tests.Servers;
using StackExchange.Redis;

namespace Pipelines.Sockets.Unofficial.Tests.Redis;

public sealed class Garnet_throughput(GarnetServer server, ITestOutputHelper output)
    : ThroughputTests<GarnetServer>(server, output);

public sealed class Redis_throughput(RedisServer server, ITestOutputHelper output)
    : ThroughputTests<RedisServer>(server, output);

/// <summary>
/// StackExchange.Redis over this assembly beside <c>redis-benchmark</c> in C, with 100 byte values and 256 requests in
/// flight each: 8 tasks by 32 over one connection here, 8 connections by 32 there. The figures go to the
/// test's output; only a collapse fails.
/// </summary>
public abstract class ThroughputTests<TServer>(TServer server, ITestOutputHelper output) : IClassFixture<TServer>
    where TServer : ServerProcess, new()
{
    private const int Operations = 100_000;

    [Theory]
    [InlineData("set")]
    [InlineData("get")]
    public async Task Pipelined_calls_reach_a_fair_part_of_what_redis_benchmark_reaches(string command)
    {
        await using var redis = await server.ConnectAsync();
        var db = redis.GetDatabase();
        await db.StringSetAsync("key:000000000000", new byte[100]);

        var reference = await BenchmarkAsync(command);
        var reached = 0.0;
        var clock = Stopwatch.StartNew();

        // The first rounds run code that the JIT has not optimised yet; a busy machine gets no further.
        for (var round = 0; round < 4 && clock.Elapsed < TimeSpan.FromSeconds(2); round++)
        {
            reached = Math.Max(reached, await RunAsync(db, command));
        }

        var ratio = reached / reference;
        output.WriteLine(
            $"{server.Name} {command}: {reached:N0}/s, redis-benchmark: {reference:N0}/s, ratio {ratio:P0}"
        );
        Assert.True(ratio > 0.02, $"{reached:N0}/s against {reference:N0}/s.");
    }

    private static async Task<double> RunAsync(IDatabase db, string command)
    {
        const int Tasks = 8;
        var clock = Stopwatch.StartNew();
        var tasks = Enumerable.Range(0, Tasks).Select(_ => Task.Run(() => CallAsync(db, command, Operations / Tasks)));
        await Task.WhenAll(tasks).InTime($"{Operations} operations");
        return Operations / clock.Elapsed.TotalSeconds;
    }

    private static async Task CallAsync(IDatabase db, string command, int operations)
    {
        RedisKey key = "key:000000000000";
        var value = new byte[100];
        var window = new Task[32];
        for (var done = 0; done < operations; done += window.Length)
        {
            for (var i = 0; i < window.Length; i++)
            {
                window[i] = command == "set" ? db.StringSetAsync(key, value) : db.StringGetAsync(key);
            }

            await Task.WhenAll(window);
        }
    }

    private async Task<double> BenchmarkAsync(string command)
    {
        using var process = Process.Start(
            new ProcessStartInfo("redis-benchmark")
            {
                ArgumentList =
                {
                    "-h",
                    "127.0.0.1",
                    "-p",
                    $"{server.Port}",
                    "-n",
                    $"{Operations * 4}",
                    "-c",
                    "8",
                    "-P",
                    "32",
                    "-d",
                    "100",
                    "-t",
                    command,
                    "--csv",
                },
                RedirectStandardOutput = true,
            }
        )!;
        var csv = await process.StandardOutput.ReadToEndAsync().InTime("redis-benchmark");
        await process.WaitForExitAsync().InTime("the end of redis-benchmark");
        var row = csv.Split('\n').Last(line => line.StartsWith($"\"{command}\"", StringComparison.OrdinalIgnoreCase));
        return double.Parse(row.Split(',')[1].Trim('"'), CultureInfo.InvariantCulture);
    }
}
