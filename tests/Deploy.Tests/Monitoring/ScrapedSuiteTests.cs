using System.Net.Http.Json;
using System.Text.Json;
using RealtimeSuite.Deploy.Tests.Running;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Deploy.Tests.Monitoring;

/// <summary>The original Prometheus scrapes the running services.</summary>
[Collection(UsesRunningSuite.Name)]
public sealed class ScrapedSuiteTests(RunningSuite suite)
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    [Fact]
    public async Task Everything_that_rules_and_dashboard_ask_for_is_there_after_some_traffic()
    {
        Assert.SkipUnless(PrometheusServer.IsInstalled, "prometheus is not installed.");
        await using var prometheus = new PrometheusServer([
            ("api", suite.Api.Address),
            ("notifications", suite.Notifications.Address),
            .. suite.Gateways.Select(gateway => ("gateway", gateway.Address)),
        ]);
        await prometheus.StartReadyAsync();
        await Eventually.TrueAsync(
            async () => (await prometheus.QueryAsync("up == 1")).Count == 2 + suite.Gateways.Count,
            "all were scraped",
            Patience
        );
        await MakeTrafficAsync();

        MonitoringExpression[] expressions = [.. MonitoringFiles.RuleExpressions, .. MonitoringFiles.PanelExpressions];
        Assert.NotEmpty(expressions);
        string[] missing = [];
        await Eventually.TrueAsync(
            async () =>
            {
                missing = [.. await MissingAsync(prometheus, expressions), .. await EmptyPanelsAsync(prometheus)];
                return missing.Length == 0;
            },
            "all metrics and labels are there, and every panel shows something",
            Patience,
            () => string.Join('\n', missing)
        );
    }

    [Fact]
    public void The_dashboard_shows_the_active_connections_under_the_name_that_operators_look_for() =>
        Assert.Contains(
            MonitoringFiles.PanelExpressions,
            panel =>
                panel.Where == "Active WebSocket Connections" && panel.Metrics.Contains("websocket_active_connections")
        );

    /// <summary>What makes everything count that counts only when it happens.</summary>
    private async Task MakeTrafficAsync()
    {
        const string User = "watched";
        foreach (var gateway in suite.Gateways)
        {
            await using var refused = await SocketClient.ConnectAsync(new Uri($"ws://{gateway.Address}/ws?token=none"));
            await refused.ReadToEndAsync();
            await using var socket = await SocketClient.ConnectAsync(
                new Uri($"ws://{gateway.Address}/ws?token={RunningSuite.TokenFor(User)}")
            );
            await socket.SendAsync("""{"type":"resume","positions":{}}""");
            await socket.ReadUntilAsync("resumed");
            await suite.CreateTaskAsync(User, "Watched");
            await socket.ReadUntilAsync("task_update");
            await socket.CloseAsync();
        }

        await suite.ProduceAsync("task-updates", "not readable");
        await ReadANotificationAsync(User);
    }

    private async Task ReadANotificationAsync(string userId)
    {
        using var staff = suite.Notifications.ClientOf("staff", "service");
        using var created = await staff.PostAsJsonAsync(
            "/api/notifications",
            new
            {
                user_id = userId,
                title = "T",
                message = "M",
            }
        );
        var id = (await created.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("id").GetString();
        using var user = suite.Notifications.ClientOf(userId);
        using var read = await user.PostAsync($"/api/notifications/{id}/read", null);
        read.EnsureSuccessStatusCode();
    }

    private static async Task<List<string>> MissingAsync(
        PrometheusServer prometheus,
        IEnumerable<MonitoringExpression> expressions
    )
    {
        var missing = new List<string>();
        foreach (var expression in expressions)
        {
            var labels = new HashSet<string>(StringComparer.Ordinal);
            foreach (var metric in expression.Metrics)
            {
                var series = await prometheus.SeriesAsync(metric);
                labels.UnionWith(series.SelectMany(one => one.EnumerateObject().Select(label => label.Name)));
                if (series.Count == 0)
                {
                    missing.Add($"{expression.Where}: no {metric}");
                }
            }

            missing.AddRange(
                expression
                    .Labels.Concat(expression.Shown)
                    .Except(labels, StringComparer.Ordinal)
                    .Select(label => $"{expression.Where}: no label {label} in {expression.Text}")
            );
        }

        return missing;
    }

    private static async Task<List<string>> EmptyPanelsAsync(PrometheusServer prometheus)
    {
        var empty = new List<string>();
        foreach (var panel in MonitoringFiles.PanelExpressions)
        {
            if ((await prometheus.QueryAsync(panel.Text)).Count == 0)
            {
                empty.Add($"{panel.Where}: nothing for {panel.Text}");
            }
        }

        return empty;
    }
}
