using System.Security.Cryptography;
using Pipelines.Sockets.Unofficial.Tests.Servers;
using StackExchange.Redis;

namespace Pipelines.Sockets.Unofficial.Tests.Redis;

public sealed class Garnet_commands(GarnetServer server) : CommandTests<GarnetServer>(server);

public sealed class Redis_commands(RedisServer server) : CommandTests<RedisServer>(server);

public sealed class Redis_commands_over_TLS(TlsRedisServer server) : CommandTests<TlsRedisServer>(server);

/// <summary>Requests and replies of every size, order and concurrency, over one connection.</summary>
public abstract partial class CommandTests<TServer>(TServer server) : IClassFixture<TServer>, IAsyncLifetime
    where TServer : ServerProcess, new()
{
    private ConnectionMultiplexer _redis = null!;

    private IDatabase Db => _redis.GetDatabase();

    public async Task InitializeAsync()
    {
        _redis = await server.ConnectAsync();
        await Db.ExecuteAsync("FLUSHDB");
    }

    public async Task DisposeAsync() => await _redis.DisposeAsync();

    [Fact]
    public async Task Ten_thousand_pipelined_commands_are_answered_in_order()
    {
        var answers = Enumerable.Range(0, 10_000).Select(_ => Db.StringIncrementAsync("counter")).ToArray();

        var values = await Task.WhenAll(answers).InTime("10,000 increments");

        Assert.Equal(Enumerable.Range(1, 10_000).Select(i => (long)i), values);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(4_095)]
    [InlineData(8_192)]
    [InlineData(65_537)]
    public async Task A_value_of_any_size_comes_back_byte_for_byte(int size)
    {
        var value = RandomNumberGenerator.GetBytes(size);

        await Db.StringSetAsync("value", value);

        Assert.Equal(value, (byte[]?)await Db.StringGetAsync("value").InTime("the value"));
    }

    [Fact]
    public async Task A_5_MB_value_comes_back_byte_for_byte()
    {
        var value = RandomNumberGenerator.GetBytes(5_000_000);

        await Db.StringSetAsync("large", value).InTime("writing 5 MB");
        var answers = Enumerable.Range(0, 3).Select(_ => Db.StringGetAsync("large")).ToArray();

        foreach (var answer in await Task.WhenAll(answers).InTime("reading 5 MB three times"))
        {
            Assert.True(value.AsSpan().SequenceEqual((byte[]?)answer));
        }
    }

    [Fact]
    public async Task Ten_thousand_small_values_come_back_one_by_one_and_all_at_once()
    {
        var keys = Enumerable.Range(0, 10_000).Select(i => (RedisKey)$"small:{i}").ToArray();
        await Task.WhenAll(keys.Select((key, i) => Db.StringSetAsync(key, i))).InTime("writing");

        var single = await Task.WhenAll(keys.Select(key => Db.StringGetAsync(key))).InTime("GET");
        var multiple = await Db.StringGetAsync(keys).InTime("MGET");

        var expected = Enumerable.Range(0, 10_000).ToArray();
        Assert.Equal(expected, single.Select(value => (int)value));
        Assert.Equal(expected, multiple.Select(value => (int)value));
    }

    [Fact]
    public async Task A_hundred_thousand_operations_from_32_tasks_never_get_a_wrong_answer()
    {
        const int Tasks = 32,
            Rounds = 1_563; // 2 operations each

        async Task<int> WorkAsync(int task)
        {
            var wrong = 0;
            for (var round = 0; round < Rounds; round++)
            {
                RedisKey key = $"task:{task}:{round % 10}";
                var written = Db.StringSetAsync(key, $"{task}/{round}");
                var read = await Db.StringGetAsync(key);
                await written;
                wrong += read == $"{task}/{round}" ? 0 : 1;
            }

            return wrong;
        }

        var wrong = await Task.WhenAll(Enumerable.Range(0, Tasks).Select(task => Task.Run(() => WorkAsync(task))))
            .InTime("100,000 operations");

        Assert.Equal(0, wrong.Sum());
    }

    [Fact]
    public async Task Synchronous_calls_of_many_threads_get_their_own_answers()
    {
        var failures = new List<string>();
        void Work(int thread)
        {
            for (var i = 0; i < 300; i++)
            {
                Db.StringSet($"sync:{thread}", i);
                var read = Db.StringGet($"sync:{thread}");
                if (read != i)
                {
                    lock (failures)
                    {
                        failures.Add($"{thread}: wrote {i}, read {read}");
                    }
                }
            }
        }

        await Task.WhenAll(
                Enumerable
                    .Range(0, 8)
                    .Select(thread => Task.Factory.StartNew(() => Work(thread), TaskCreationOptions.LongRunning))
            )
            .InTime("4,800 synchronous calls");

        Assert.Empty(failures);
    }

    [Fact]
    public async Task A_cancelled_wait_leaves_the_answers_of_others_in_order()
    {
        using var cancelled = new CancellationTokenSource();
        var answers = Enumerable.Range(0, 2_000).Select(_ => Db.StringIncrementAsync("waits")).ToArray();
        var waits = answers.Where((_, i) => i % 2 == 0).Select(answer => answer.WaitAsync(cancelled.Token)).ToArray();

        await cancelled.CancelAsync();
        await Task.WhenAny(Task.WhenAll(waits)).InTime("the cancelled waits");

        Assert.All(waits, wait => Assert.True(wait.IsCanceled || wait.IsCompletedSuccessfully));
        Assert.Equal(
            Enumerable.Range(1, 2_000).Select(i => (long)i),
            await Task.WhenAll(answers).InTime("the answers")
        );
    }
}
