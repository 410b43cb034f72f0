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

        // All the time, as a client that reads nothing answers no pings either.
        var received = new[] { new List<string>(), new List<string>() };
        Task[] reading = [ReadAsync(first, received[0]), ReadAsync(second, received[1])];

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

        // The socket on the replica that lives gets every event once, however long the other replica's partitions take to move.
        await Eventually.TrueAsync(
            () => received.Any(ids => HasAll(ids, told)),
            "the survivor has all",
            TimeSpan.FromMinutes(1),
            () => string.Join(", ", received.Select(ids => $"{ids.Count} of {told.Count}"))
        );
        var survivor = Assert.Single(received, ids => HasAll(ids, told));
        lock (survivor)
        {
            Assert.Equal(survivor.Distinct(StringComparer.Ordinal).Count(), survivor.Count);
        }

        // With the sockets their reading ends.
        await first.DisposeAsync();
        await second.DisposeAsync();
        await Task.WhenAll(reading);
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

    private static bool HasAll(List<string> received, HashSet<string> expected)
    {
        lock (received)
        {
            return expected.IsSubsetOf(received);
        }
    }

    /// <summary>Notes the tasks that a socket is told of, until it ends.</summary>
    private static async Task ReadAsync(SocketClient socket, List<string> tasks)
    {
        try
        {
            while (await socket.ReadTextAsync(TimeSpan.FromMinutes(5)) is { } text)
            {
                var task = JsonElement.Parse(text).GetProperty("event").GetProperty("task_id").GetString()!;
                lock (tasks)
                {
                    tasks.Add(task);
                }
            }
        }
        catch (Exception exception)
            when (exception
                    is System.Net.WebSockets.WebSocketException
                        or OperationCanceledException
                        or ObjectDisposedException
            )
        {
            // The socket of the replica that was killed, or the test is over.
        }
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
