using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;

namespace RealtimeSuite.Integration.Tests;

/// <summary>Events by Dapr's sidecar (source: seed 001).</summary>
public sealed class DaprTests(SuiteFixture fixture)
{
    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task The_subscription_names_the_component_the_topic_and_a_route_that_takes_events()
    {
        using var gateway = _suite.Gateway();
        var subscription = Assert.Single(
            (await gateway.GetFromJsonAsync<JsonElement>("/dapr/subscribe")).EnumerateArray()
        );
        Assert.Equal("pubsub-kafka", subscription.GetProperty("pubsubname").GetString());
        Assert.Equal("task-updates", subscription.GetProperty("topic").GetString());

        await using var socket = await _suite.ConnectAsync("dapr-user");
        var status = await PostAsync(
            gateway,
            subscription.GetProperty("route").GetString()!,
            """
            {"specversion":"1.0","id":"d1","source":"backend","type":"com.dapr.event.sent","topic":"task-updates","pubsubname":"pubsub-kafka",
             "traceparent":"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01","datacontenttype":"application/json",
             "data":{"event_type":"task.created","user_id":"dapr-user","task_id":"1","title":"by Dapr"}}
            """
        );
        Assert.Equal("SUCCESS", status);
        var frame = await socket.ReadAsync();
        Assert.Equal("task_update", frame.GetProperty("type").GetString());
        Assert.Equal("by Dapr", frame.GetProperty("event").GetProperty("title").GetString());
    }

    [Fact]
    public async Task The_same_event_by_dapr_and_by_kafka_is_delivered_once()
    {
        const string Event =
            """{"specversion":"1.0","id":"both","source":"/t","type":"task.created","audience":"user:both-ways","data":{"n":1}}""";
        using var gateway = _suite.Gateway();
        await using var socket = await _suite.ConnectAsync("both-ways");
        Assert.Equal("SUCCESS", await PostAsync(gateway, "/dapr/events/task-updates", Event));
        await _suite.ProduceAsync("task-updates", Event);
        await _suite.PublishAsync("task-updates", "task.created", new { n = 2 }, "user:both-ways");

        Assert.Equal(1, (await socket.ReadAsync()).GetProperty("event").GetProperty("n").GetInt32());
        Assert.Equal(2, (await socket.ReadAsync()).GetProperty("event").GetProperty("n").GetInt32());
    }

    [Theory]
    [InlineData("nonsense")]
    [InlineData("""{"specversion":"1.0","id":"x","source":"/t","type":"t","data":{}}""")]
    public async Task What_can_never_be_delivered_is_dropped(string body)
    {
        using var gateway = _suite.Gateway();
        Assert.Equal("DROP", await PostAsync(gateway, "/dapr/events/task-updates", body));
    }

    private static async Task<string?> PostAsync(HttpClient gateway, string route, string body)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/cloudevents+json");
        using var response = await gateway.PostAsync(new Uri(route, UriKind.Relative), content);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("status").GetString();
    }
}
