using System.Diagnostics;
using System.Net.Http.Json;
using System.Text.Json;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;

namespace RealtimeSuite.Deploy.Tests.Monitoring;

/// <summary>The original Prometheus with the settings and rules of <c>deploy/monitoring</c>, but for its targets, and scraping every second.</summary>
internal sealed class PrometheusServer : ServerProcess
{
    private readonly string _folder = Directory.CreateTempSubdirectory("prometheus-").FullName;
    private readonly HttpClient _client;

    public PrometheusServer(params IEnumerable<(string Service, string Address)> targets)
        : base(FreePorts.Next())
    {
        _client = new HttpClient { BaseAddress = new Uri($"http://{Address}") };
        var settings = File.ReadAllText(Path.Combine(MonitoringFiles.Folder, "prometheus.yml"));
        Assert.Contains("scrape_interval: 15s", settings, StringComparison.Ordinal);
        File.WriteAllText(At("prometheus.yml"), settings.Replace("_interval: 15s", "_interval: 1s"));
        File.WriteAllText(
            At("targets.yml"),
            string.Concat(
                targets.Select(target =>
                    $"- labels: {{ service: {target.Service} }}\n  targets: ['{target.Address}']\n"
                )
            )
        );
        Directory.CreateDirectory(At("rules"));
        foreach (var rules in MonitoringFiles.Rules)
        {
            File.Copy(rules, At("rules/" + Path.GetFileName(rules)));
        }
    }

    /// <summary>Whether this machine has it.</summary>
    public static bool IsInstalled => Programs.Has("prometheus") && Programs.Has("promtool");

    protected override ProcessStartInfo Command =>
        new(
            "prometheus",
            [
                "--config.file=" + At("prometheus.yml"),
                "--storage.tsdb.path=" + At("data"),
                "--web.listen-address=" + Address,
                "--log.level=warn",
            ]
        );

    /// <summary>Starts it and waits until it answers queries.</summary>
    public async Task StartReadyAsync()
    {
        await StartAsync();
        await Eventually.TrueAsync(
            async () =>
            {
                using var ready = await _client.GetAsync("/-/ready");
                return ready.IsSuccessStatusCode;
            },
            "Prometheus is ready"
        );
    }

    /// <summary>What an expression comes to now: for each series its labels.</summary>
    /// <exception cref="HttpRequestException">Prometheus does not understand it.</exception>
    public async Task<IReadOnlyList<JsonElement>> QueryAsync(string expression)
    {
        using var form = new FormUrlEncodedContent([new("query", expression)]);
        return [.. (await PostAsync("/api/v1/query", form)).GetProperty("result").EnumerateArray()];
    }

    /// <summary>The labels of every series of a metric.</summary>
    public async Task<IReadOnlyList<JsonElement>> SeriesAsync(string metric)
    {
        using var form = new FormUrlEncodedContent([new("match[]", metric)]);
        return [.. (await PostAsync("/api/v1/series", form)).EnumerateArray()];
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        _client.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private string At(string name) => Path.Combine(_folder, name);

    private async Task<JsonElement> PostAsync(string path, FormUrlEncodedContent form)
    {
        using var response = await _client.PostAsync(path, form);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>();
        return response.IsSuccessStatusCode
            ? answer.GetProperty("data")
            : throw new HttpRequestException(answer.GetProperty("error").GetString());
    }
}
