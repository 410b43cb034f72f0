using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

public sealed class TraceTests(SuiteFixture fixture)
{
    private static readonly string[] Way =
    [
        "POST /api/tasks",
        "publish task-updates",
        "consume task-updates",
        "fan-out",
    ];

    private readonly Suite _suite = fixture.Suite;

    [Fact]
    public async Task One_trace_in_the_dashboard_shows_the_whole_way_of_an_event()
    {
        await using var socket = await _suite.ConnectAsync("user1");
        using var api = await _suite.ApiAsAsync("user1");
        var trace = ActivityTraceId.CreateRandom().ToHexString();
        using var request = new HttpRequestMessage(HttpMethod.Post, "/api/tasks")
        {
            Content = JsonContent.Create(new { title = "traced" }),
        };
        request.Headers.Add("traceparent", $"00-{trace}-00f067aa0ba902b7-01");
        using var response = await api.SendAsync(request, TestContext.Current.CancellationToken);
        await socket.ReadUntilAsync("task_update");

        using var dashboard = new HttpClient { BaseAddress = _suite.Dashboard };
        List<Span> spans = [];
        await Eventually.TrueAsync(
            async () => IsWhole(spans = await SpansAsync(dashboard, trace)),
            "all spans of the trace are in the dashboard",
            details: () => string.Join('\n', spans)
        );

        // Each span is the child of the one before it: request, publish, consume, fan-out.
        var child = Assert.Single(spans, span => span.Name == Way[^1]);
        foreach (var name in Way.Reverse().Skip(1))
        {
            child = Assert.Single(spans, span => span.Id == child.ParentId);
            Assert.Equal(name, child.Name);
        }

        Assert.Equal("00f067aa0ba902b7", child.ParentId);

        // The gateway and the notification service consume it, each in its own group.
        Assert.Equal(2, spans.Count(span => span.Name == Way[2]));
    }

    /// <summary>Each part of the way tells of its spans in its own time; the notification service consumes the event as well.</summary>
    private static bool IsWhole(List<Span> spans) =>
        Way.All(name => spans.Exists(span => span.Name == name)) && spans.Count(span => span.Name == Way[2]) == 2;

    private static async Task<List<Span>> SpansAsync(HttpClient dashboard, string trace)
    {
        using var response = await dashboard.GetAsync(new Uri($"/api/telemetry/traces/{trace}", UriKind.Relative));
        if (!response.IsSuccessStatusCode)
        {
            return [];
        }

        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return
        [
            .. from resource in answer.GetProperty("data").GetProperty("resourceSpans").EnumerateArray()
            from scope in resource.GetProperty("scopeSpans").EnumerateArray()
            from span in scope.GetProperty("spans").EnumerateArray()
            select new Span(
                span.GetProperty("name").GetString()!,
                span.GetProperty("spanId").GetString()!,
                span.GetProperty("parentSpanId").GetString()
            ),
        ];
    }

    private sealed record Span(string Name, string Id, string? ParentId);
}
