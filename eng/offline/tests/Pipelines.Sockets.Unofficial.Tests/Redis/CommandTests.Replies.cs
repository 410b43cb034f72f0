using Pipelines.Sockets.Unofficial.Tests.Servers;
using StackExchange.Redis;

namespace Pipelines.Sockets.Unofficial.Tests.Redis;

/// <summary>Replies of many elements, nested or in sequence.</summary>
public abstract partial class CommandTests<TServer>
    where TServer : ServerProcess, new()
{
    [Fact]
    public async Task A_batch_is_answered_in_order()
    {
        var batch = Db.CreateBatch();
        var answers = Enumerable.Range(0, 500).Select(i => batch.ListRightPushAsync("batch", i)).ToArray();
        batch.Execute();

        Assert.Equal(Enumerable.Range(1, 500).Select(i => (long)i), await Task.WhenAll(answers).InTime("the batch"));
        Assert.Equal(Enumerable.Range(0, 500), (await Db.ListRangeAsync("batch")).Select(value => (int)value));
    }

    [Fact]
    public async Task A_transaction_is_carried_out_whole_or_not_at_all()
    {
        var committed = Db.CreateTransaction();
        committed.AddCondition(Condition.KeyNotExists("account"));
        var set = committed.StringSetAsync("account", 10);
        var increments = Enumerable.Range(0, 200).Select(_ => committed.StringIncrementAsync("account")).ToArray();
        Assert.True(await committed.ExecuteAsync().InTime("EXEC"));
        Assert.True(await set);
        Assert.Equal(Enumerable.Range(11, 200).Select(i => (long)i), await Task.WhenAll(increments));

        var refused = Db.CreateTransaction();
        refused.AddCondition(Condition.KeyNotExists("account"));
        var never = refused.StringSetAsync("account", 0);
        Assert.False(await refused.ExecuteAsync().InTime("the refused EXEC"));
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => never);
        Assert.Equal(210, (int)await Db.StringGetAsync("account"));
    }

    [Fact]
    public async Task Lua_scripts_return_nested_arrays()
    {
        const string Script = """
            local rows = {}
            for i = 1, tonumber(ARGV[1]) do rows[i] = { i, KEYS[1] .. i, { 'deep', { i * 2 } } } end
            return rows
            """;

        for (var call = 0; call < 2; call++) // EVAL, then EVALSHA
        {
            var rows = (RedisResult[])(await Db.ScriptEvaluateAsync(Script, ["k"], [1_000]).InTime("the script"))!;

            Assert.Equal(1_000, rows.Length);
            for (var i = 0; i < rows.Length; i++)
            {
                var row = (RedisResult[])rows[i]!;
                var deep = (RedisResult[])row[2]!;
                Assert.Equal(i + 1, (int)row[0]);
                Assert.Equal($"k{i + 1}", (string?)row[1]);
                Assert.Equal("deep", (string?)deep[0]);
                Assert.Equal((i + 1) * 2, (int)((RedisResult[])deep[1]!)[0]);
            }
        }
    }

    [Fact]
    public async Task A_script_error_fails_its_own_call_only()
    {
        var before = Db.StringSetAsync("still", "here");
        var failing = Db.ScriptEvaluateAsync("return redis.error_reply('NO way')");
        var after = Db.StringGetAsync("still");

        await Assert.ThrowsAsync<RedisServerException>(() => failing.InTime("the error"));
        Assert.True(await before);
        Assert.Equal("here", await after.InTime("the call after it"));
    }

    [Fact]
    public async Task A_list_of_100_000_elements_arrives_whole()
    {
        const int Count = 100_000;
        foreach (var chunk in Enumerable.Range(0, Count).Chunk(10_000))
        {
            await Db.ListRightPushAsync("list", [.. chunk.Select(i => (RedisValue)$"element {i}")]).InTime("RPUSH");
        }

        for (var round = 0; round < 2; round++)
        {
            var list = await Db.ListRangeAsync("list").InTime("LRANGE");

            Assert.Equal(Count, list.Length);
            for (var i = 0; i < Count; i++)
            {
                if (list[i] != $"element {i}")
                {
                    Assert.Fail($"Element {i} is {list[i]}.");
                }
            }
        }
    }

    [Fact]
    public async Task Long_replies_of_pairs_keep_their_pairs_together()
    {
        var expected = Enumerable.Range(0, 20_000).ToDictionary(i => $"field {i}", i => i);
        await Db.HashSetAsync("hash", [.. expected.Select(pair => new HashEntry(pair.Key, pair.Value))]).InTime("HSET");
        await Db.SortedSetAddAsync("scores", [.. expected.Select(pair => new SortedSetEntry(pair.Key, pair.Value))])
            .InTime("ZADD");

        var hash = await Db.HashGetAllAsync("hash").InTime("HGETALL");
        var scores = await Db.SortedSetRangeByRankWithScoresAsync("scores").InTime("ZRANGE");

        Assert.Equal(expected, hash.ToDictionary(entry => (string)entry.Name!, entry => (int)entry.Value));
        Assert.Equal(expected, scores.ToDictionary(entry => (string)entry.Element!, entry => (int)entry.Score));
    }

    [Fact]
    public async Task A_scan_finds_every_key()
    {
        await Task.WhenAll(Enumerable.Range(0, 5_000).Select(i => Db.StringSetAsync($"scan:{i}", i))).InTime("writing");

        var found = new HashSet<string>();
        await foreach (var key in _redis.GetServers()[0].KeysAsync(pattern: "scan:*", pageSize: 700))
        {
            found.Add(key!);
        }

        Assert.Equal(5_000, found.Count);
    }
}
