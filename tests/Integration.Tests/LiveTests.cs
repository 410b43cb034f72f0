using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>What operators are told while it happens, of two replicas.</summary>
public sealed class LiveTests(SuiteFixture fixture)
{
    private const string Live = "/api/v1/ws/admin/live";
    private const string Tail = "/api/v1/ws/admin/events";

    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task Figures_of_all_replicas_come_by_themselves_and_move_with_what_happens()
    {
        var (first, second) = await _suite.ConnectToBothReplicasAsync("figured");
        await using var firstSocket = first;
        await using var secondSocket = second;
        using var gateway = _suite.GatewayAs("operator", "admin");
        await using var stream = await OpenWithHistoryAsync(gateway, first.Replica, second.Replica);
        await stream.UntilAsync("figures", figures => figures.GetProperty("figures").GetArrayLength() == 2);

        await _suite.PublishAsync("task-updates", "task.created", new { title = "moves" }, "user:figured");
        var seen = new HashSet<string>(StringComparer.Ordinal);
        var live = await stream.UntilAsync(
            "figures",
            figures =>
            {
                seen.UnionWith(
                    Figures(figures)
                        .Where(of => of.GetProperty("messages_out").GetDouble() > 0)
                        .Select(of => of.GetProperty("replica").GetString()!)
                );
                return seen.Count == 2
                    && figures.GetProperty("is_complete").GetBoolean()
                    && Figures(figures).All(of => of.GetProperty("connections").GetInt32() >= 1);
            }
        );
        Assert.Equal(2, live.GetProperty("replicas").GetInt32());
        Assert.All(Figures(live), of => Assert.True(of.GetProperty("redis").GetBoolean()));
        Assert.All(Figures(live), of => Assert.True(of.GetProperty("kafka").GetBoolean()));
        Assert.All(Figures(live), of => Assert.Equal(0, of.GetProperty("ledger_missing").GetInt64()));
    }

    [Fact]
    public async Task How_long_an_event_took_is_in_the_figures_and_in_the_metrics()
    {
        await using var socket = await _suite.ConnectAsync("user2");
        using var api = await _suite.ApiAsAsync("user2");
        using var gateway = _suite.GatewayAs("operator", "admin");
        await using var stream = await ServerSentEvents.OpenAsync(gateway, Live);
        using var created = await api.PostAsJsonAsync(new Uri("/api/tasks", UriKind.Relative), new { title = "timed" });
        created.EnsureSuccessStatusCode();
        await socket.ReadUntilAsync("task_update");

        var live = await stream.UntilAsync(
            "figures",
            figures =>
                Figures(figures).Any(of => of.GetProperty("replica").GetString() == socket.Replica && IsTimed(of))
        );
        var timed = Figures(live).Single(of => of.GetProperty("replica").GetString() == socket.Replica);
        Assert.True(timed.GetProperty("latency_p50").GetDouble() <= timed.GetProperty("latency_p99").GetDouble());

        // Another connection each time, so that both replicas are asked in turn: only one of them has had the event.
        gateway.DefaultRequestHeaders.ConnectionClose = true;
        await Eventually.TrueAsync(
            async () =>
            {
                var page = MetricsPage.Parse(await gateway.GetStringAsync(new Uri("/metrics", UriKind.Relative)));
                return page.Types.GetValueOrDefault("realtime_delivery_latency_seconds") == "histogram"
                    && page.Value("realtime_delivery_latency_seconds_count") >= 1;
            },
            "a replica has counted how long events took"
        );
    }

    [Fact]
    public async Task The_tail_tells_the_whole_way_of_an_event_and_what_nobody_listens_to_as_well()
    {
        var (first, second) = await _suite.ConnectToBothReplicasAsync("tailed");
        await using var firstSocket = first;
        await using var secondSocket = second;
        using var gateway = _suite.GatewayAs("operator", "admin");
        await using var stream = await ServerSentEvents.OpenAsync(gateway, Tail);
        await stream.UntilAsync("state", state => state.GetProperty("answered").GetInt32() == 2);

        var (heard, unheard) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        await _suite.PublishAsync("task-updates", "task.created", new { secret = "s3cret" }, "user:tailed", heard);
        await _suite.PublishAsync("task-updates", "task.created", new { }, "user:nobody-is-here", unheard);

        var steps = new List<(string? Replica, JsonElement Step)>();
        await stream.UntilAsync(
            "events",
            batch =>
            {
                Assert.DoesNotContain("s3cret", batch.ToString(), StringComparison.Ordinal);
                steps.AddRange(batch.GetProperty("entries").EnumerateArray().Select(step => (Replica(batch), step)));
                return StepsOf(heard).Count() == 3 && StepsOf(unheard).Any();
            }
        );

        var numbered = StepsOf(heard).Single(step => Text(step.Step, "step") == "numbered").Step;
        var deliveries = StepsOf(heard).Where(step => Text(step.Step, "step") == "delivered").ToList();
        Assert.Equal(new[] { first.Replica, second.Replica }.Order(), deliveries.Select(step => step.Replica).Order());
        Assert.All(deliveries, delivery => Assert.Equal(1, delivery.Step.GetProperty("sockets").GetInt32()));
        Assert.All(deliveries, delivery => Assert.True(delivery.Step.GetProperty("bytes").GetInt32() > 0));
        foreach (var (_, step) in StepsOf(heard))
        {
            Assert.Equal("user:tailed", Text(step, "channel"));
            Assert.Equal("task-updates", Text(step.GetProperty("kafka"), "topic"));
            Assert.Equal(numbered.GetProperty("kafka").ToString(), step.GetProperty("kafka").ToString());
            Assert.Equal(numbered.GetProperty("offset").GetInt64(), step.GetProperty("offset").GetInt64());
            Assert.Equal(Text(numbered, "trace_id"), Text(step, "trace_id"));
        }

        Assert.Equal("numbered", Text(Assert.Single(StepsOf(unheard)).Step, "step"));

        IEnumerable<(string? Replica, JsonElement Step)> StepsOf(string id) =>
            steps.Where(step => Text(step.Step, "id") == id);
    }

    [Fact]
    public async Task Connections_can_be_searched_and_sorted_and_channels_say_where_they_stand()
    {
        await using var ann = await _suite.ConnectAsync("sorted-ann");
        await using var bob = await _suite.ConnectAsync("sorted-bob");
        await using var zoe = await _suite.ConnectAsync("sorted-zoe");
        using var gateway = _suite.GatewayAs("operator", "admin");

        var users = new List<string>();
        string? cursor = null;
        do
        {
            var page = await gateway.GetOfAllReplicasAsync(
                $"/api/v1/ws/admin/connections?search=SORTED-&sort=user_id&order=desc&limit=2&cursor={cursor}"
            );
            Assert.Equal(3, page.GetProperty("total").GetInt32());
            users.AddRange(page.GetProperty("items").EnumerateArray().Select(item => Text(item, "user_id")!));
            cursor = Text(page, "next_cursor");
        } while (cursor is not null);
        Assert.Equal(["sorted-zoe", "sorted-bob", "sorted-ann"], users);

        await _suite.PublishAsync("task-updates", "task.created", new { }, "user:sorted-bob");
        await bob.ReadUntilAsync("task_update");
        var channel = default(JsonElement);
        await Eventually.TrueAsync(
            async () =>
            {
                var page = await gateway.GetOfAllReplicasAsync("/api/v1/ws/admin/channels?search=sorted-bob");
                channel = Assert.Single(page.GetProperty("items").EnumerateArray());
                return channel.GetProperty("rate").GetDouble() > 0
                    && channel.TryGetProperty("offset", out var offset)
                    && offset.ValueKind == JsonValueKind.Number;
            },
            "the channel has a rate and says where it stands",
            details: () => channel.ToString()
        );
        Assert.Equal(1, channel.GetProperty("connections").GetInt32());
        Assert.Equal(1, channel.GetProperty("offset").GetInt64());
        Assert.NotEmpty(Text(channel, "epoch")!);
    }

    [Fact]
    public async Task A_stream_ends_when_its_token_is_revoked()
    {
        using var gateway = _suite.GatewayAs("operator-to-go", "admin");
        await using var stream = await ServerSentEvents.OpenAsync(gateway, Live);
        await stream.UntilAsync("figures", _ => true);
        using var api = await _suite.ApiAsAsync("admin1", "admin123");
        using var revoked = await api.PostAsJsonAsync(
            new Uri("/auth/revoke", UriKind.Relative),
            new { user_id = "operator-to-go" }
        );
        revoked.EnsureSuccessStatusCode();
        while (await stream.NextAsync() is not null) { }
    }

    [Theory]
    [InlineData(Live)]
    [InlineData(Tail)]
    public async Task Only_admins_may_read_the_streams(string path)
    {
        using var nobody = _suite.Gateway();
        using var user = _suite.GatewayAs("user1", "user");
        Assert.Equal(HttpStatusCode.Unauthorized, await StatusAsync(nobody, path));
        Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(user, path));
    }

    private static bool IsTimed(JsonElement figures) =>
        figures.TryGetProperty("latency_p99", out var latency) && latency.GetDouble() > 0;

    private static JsonElement.ArrayEnumerator Figures(JsonElement live) =>
        live.GetProperty("figures").EnumerateArray();

    private static string? Replica(JsonElement of) => Text(of, "replica");

    private static string? Text(JsonElement of, string name) => of.GetProperty(name).GetString();

    private static async Task<HttpStatusCode> StatusAsync(HttpClient client, string path)
    {
        using var response = await client.GetAsync(
            new Uri(path, UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead
        );
        return response.StatusCode;
    }

    /// <summary>The stream of live figures, behind its history, which has both replicas: one that took too long to tell its own is asked again.</summary>
    private static async Task<ServerSentEvents> OpenWithHistoryAsync(HttpClient gateway, params string[] replicas)
    {
        ServerSentEvents? opened = null;
        var told = "";
        await Eventually.TrueAsync(
            async () =>
            {
                var stream = await ServerSentEvents.OpenAsync(gateway, Live);
                var history = await stream.UntilAsync("history", _ => true);
                told = history.GetProperty("replicas").ToString();
                if (
                    history
                        .GetProperty("replicas")
                        .EnumerateArray()
                        .Select(Replica)
                        .Order()
                        .SequenceEqual(replicas.Order())
                )
                {
                    opened = stream;
                    return true;
                }

                await stream.DisposeAsync();
                return false;
            },
            "both replicas tell their history",
            details: () => told
        );
        return opened!;
    }
}
