using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>Each test kills parts of a suite of its own.</summary>
public sealed class CrashTests
{
    [Fact]
    public async Task No_accepted_task_is_missing_from_kafka_when_the_api_and_a_gateway_replica_are_killed_under_load()
    {
        var cancellation = TestContext.Current.CancellationToken;
        await using var suite = await Suite.StartAsync(withDashboard: false, cancellation);
        var (first, second) = await suite.ConnectToBothReplicasAsync("user1");
        await using var firstSocket = first;
        await using var secondSocket = second;
        using var api = await suite.ApiAsAsync("user1");

        var accepted = new ConcurrentDictionary<string, byte>();
        using var writing = CancellationTokenSource.CreateLinkedTokenSource(cancellation);
        var writers = Enumerable.Range(0, 4).Select(_ => WriteAsync(api, accepted, writing.Token)).ToArray();

        await AcceptedAsync(accepted, 50);
        Kill((await suite.ProcessesAsync("gateway", 2))[0]);
        await AcceptedAsync(accepted, 100);
        Kill((await suite.ProcessesAsync("api", 1))[0]);
        await suite.ReviveAsync("api", cancellation);
        await AcceptedAsync(accepted, accepted.Count + 100);
        await writing.CancelAsync();
        await Task.WhenAll(writers);

        await OutboxIsEmptyAsync(suite);
        var records = KafkaTail.ReadAll(await suite.KafkaAsync(), "task-updates");
        var told = records.Select(record => record.Message.Key).ToHashSet(StringComparer.Ordinal);
        Assert.DoesNotContain(accepted.Keys, id => !told.Contains(id));

        // Twice is allowed after a crash, but only as the same event.
        Assert.Equal(
            records.Select(record => record.Message.Key).Distinct().Count(),
            records.Select(record => record.Header("ce_id")).Distinct().Count()
        );

        await SurvivorHasAllAsync(first, second, told);
    }

    private static async Task WriteAsync(
        HttpClient api,
        ConcurrentDictionary<string, byte> accepted,
        CancellationToken stop
    )
    {
        while (!stop.IsCancellationRequested)
        {
            try
            {
                using var response = await api.PostAsJsonAsync("/api/tasks", new { title = "kept" }, stop);
                if (response.IsSuccessStatusCode)
                {
                    var task = await response.Content.ReadFromJsonAsync<JsonElement>(stop);
                    accepted.TryAdd(task.GetProperty("id").GetString()!, 0);
                }
            }
            catch (Exception exception)
                when (exception is HttpRequestException or OperationCanceledException or JsonException)
            {
                // Not accepted: the Api is away, or the test is over.
            }
        }
    }

    /// <summary>The socket on the replica that lives gets every event once, however long the other replica's partitions take to move.</summary>
    private static async Task SurvivorHasAllAsync(SocketClient first, SocketClient second, HashSet<string> expected)
    {
        var received = await Task.WhenAll(ReadAllAsync(first, expected.Count), ReadAllAsync(second, expected.Count));
        var survivor = Assert.Single(received, ids => ids.Count == expected.Count);
        Assert.Equal(expected, survivor.ToHashSet(StringComparer.Ordinal));
    }

    private static async Task<List<string>> ReadAllAsync(SocketClient socket, int count)
    {
        var ids = new List<string>();
        try
        {
            while (ids.Count < count && await socket.ReadTextAsync() is { } text)
            {
                ids.Add(JsonDocument.Parse(text).RootElement.GetProperty("event").GetProperty("task_id").GetString()!);
            }
        }
        catch (Exception exception)
            when (exception is System.Net.WebSockets.WebSocketException or OperationCanceledException)
        {
            // The socket of the replica that was killed.
        }

        return ids;
    }

    private static Task AcceptedAsync(ConcurrentDictionary<string, byte> accepted, int count) =>
        Eventually.TrueAsync(() => accepted.Count >= count, $"{count} tasks accepted", TimeSpan.FromMinutes(1));

    private static async Task OutboxIsEmptyAsync(Suite suite)
    {
        await using var redis = await suite.RedisAsync();
        await Eventually.TrueAsync(
            async () => await redis.GetDatabase().ListLengthAsync("outbox:api") == 0,
            "the outbox is empty"
        );
    }

    private static void Kill(int processId)
    {
        using var process = Process.GetProcessById(processId);
        process.Kill();
    }
}
