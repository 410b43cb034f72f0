using System.Diagnostics.Metrics;
using System.Net;
using System.Net.Http.Headers;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RealtimeSuite.Telemetry;
using RealtimeSuite.Telemetry.Prometheus;
using RealtimeSuite.Testing;

namespace RealtimeSuite.ServiceDefaults.Tests;

[Collection(nameof(AloneInTheProcess))]
public sealed class PrometheusTests : IAsyncLifetime
{
    private readonly Meter _own = new(TelemetrySetup.Prefix + "Tests");
    private readonly Meter _foreign = new("Microsoft.AspNetCore.Hosting");
    private readonly HttpClient _client = new();
    private WebApplication _app = null!;

    public async ValueTask InitializeAsync()
    {
        var builder = WebApplication.CreateBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        builder.AddTelemetry();
        builder.AddPrometheus(_ => "replica-1");
        builder.Configuration["OTEL_SERVICE_NAME"] = "gateway";
        _app = builder.Build();
        _app.MapPrometheus();
        await _app.StartAsync();
        _client.BaseAddress = new Uri(
            _app.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single()
        );
    }

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _own.Dispose();
        _foreign.Dispose();
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task The_suites_own_names_come_out_to_the_letter_whatever_their_unit()
    {
        _own.CreateCounter<long>("websocket_connections_total", "{connection}", "By status.")
            .Add(3, new KeyValuePair<string, object?>("status", "accepted"));
        _own.CreateUpDownCounter<long>("websocket_active_connections", "{connection}").Add(-2);
        _own.CreateHistogram<double>("websocket_connection_duration_seconds", "s").Record(7);
        _own.CreateCounter<long>("realtime_kafka_dead_letters", "{record}").Add(1);
        _own.CreateObservableGauge("lms_websocket_connections_active", () => 1.5);

        var page = await ScrapeAsync();

        Assert.Equal("counter", page.Types["websocket_connections_total"]);
        Assert.Equal("By status.", page.Help["websocket_connections_total"]);
        Assert.Equal(["status"], page.LabelsOf("websocket_connections_total"));
        Assert.Equal(3, page.Value("websocket_connections_total", ("status", "accepted")));
        Assert.Equal("gauge", page.Types["websocket_active_connections"]);
        Assert.Equal(-2, page.Value("websocket_active_connections"));
        Assert.Equal("histogram", page.Types["websocket_connection_duration_seconds"]);
        Assert.Equal(1, page.Value("websocket_connection_duration_seconds_count"));
        Assert.Equal(7, page.Value("websocket_connection_duration_seconds_sum"));
        Assert.Equal(0, page.Value("websocket_connection_duration_seconds_bucket", ("le", "5")));
        Assert.Equal(1, page.Value("websocket_connection_duration_seconds_bucket", ("le", "10")));
        Assert.Equal(1, page.Value("realtime_kafka_dead_letters"));
        Assert.Equal(1.5, page.Value("lms_websocket_connections_active"));
        Assert.Equal(1, page.Value("target_info", ("service", "gateway"), ("replica", "replica-1")));
    }

    [Fact]
    public async Task The_names_of_dotnet_get_their_unit_and_total()
    {
        _foreign.CreateCounter<long>("tests.bytes.read", "By").Add(5);
        _foreign.CreateHistogram<double>("tests.request.duration", "s").Record(0.25);
        _foreign.CreateUpDownCounter<long>("tests.active_requests", "{request}").Add(1);
        _foreign.CreateObservableGauge("tests.load", () => 0.5, "1");

        var page = await ScrapeAsync();

        Assert.Equal(5, page.Value("tests_bytes_read_bytes_total"));
        Assert.Equal(0.25, page.Value("tests_request_duration_seconds_sum"));
        Assert.Equal(1, page.Value("tests_active_requests"));
        Assert.Equal(0.5, page.Value("tests_load_ratio"));
        Assert.Contains("http_server_request_duration_seconds", (await ScrapeAsync()).Types.Keys);
    }

    [Fact]
    public async Task Whatever_a_label_or_a_description_holds_is_read_back_as_it_was()
    {
        const string Nasty = "a\"b\\c\nd,e=\"f\"}";
        _own.CreateCounter<long>("nasty", null, "first \\ \"line\"\nsecond")
            .Add(1, new KeyValuePair<string, object?>("na-me", Nasty), new("flag", true), new("1st", 2));

        foreach (var page in new[] { await ScrapeAsync(), await ScrapeAsync(openMetrics: true) })
        {
            Assert.Equal("first \\ \"line\"\nsecond", page.Help["nasty"]);
            Assert.Equal(1, page.Value("nasty", ("na_me", Nasty), ("flag", "true"), ("_1st", "2")));
        }
    }

    [Fact]
    public async Task Numbers_are_read_back_as_they_were()
    {
        double[] values = [0, -1.5, 0.1 + 0.2, 1e300, double.Epsilon, double.PositiveInfinity, double.NegativeInfinity];
        _own.CreateObservableGauge(
            "numbers",
            () => values.Select((value, i) => new Measurement<double>(value, new KeyValuePair<string, object?>("i", i)))
        );
        _own.CreateCounter<long>("large").Add(long.MaxValue);

        var page = await ScrapeAsync();

        Assert.Equal(values, values.Select((_, i) => page.Value("numbers", ("i", $"{i}"))));
        Assert.Contains(
            "large 9223372036854775807\n",
            await _client.GetStringAsync("/metrics"),
            StringComparison.Ordinal
        );
    }

    [Fact]
    public async Task Instruments_of_two_meters_share_a_family_and_one_of_another_type_is_left_out()
    {
        using var other = new Meter(TelemetrySetup.Prefix + "Others");
        _own.CreateCounter<long>("shared").Add(1, new KeyValuePair<string, object?>("from", "own"));
        other.CreateCounter<long>("shared").Add(2, new KeyValuePair<string, object?>("from", "other"));
        using var odd = new Meter(TelemetrySetup.Prefix + "Odd");
        odd.CreateUpDownCounter<long>("shared").Add(3, new KeyValuePair<string, object?>("from", "odd"));

        var page = await ScrapeAsync();

        Assert.Equal([1, 2], page.Lines.Where(line => line.Name == "shared").Select(line => line.Value).Order());
    }

    [Fact]
    public async Task OpenMetrics_is_written_for_those_that_prefer_it()
    {
        _own.CreateCounter<long>("orders_total").Add(4);
        _own.CreateCounter<long>("orders_lost").Add(5);
        _own.CreateHistogram<double>("orders_wait").Record(1);

        var page = await ScrapeAsync(openMetrics: true);

        Assert.Equal("counter", page.Types["orders"]);
        Assert.Equal(4, page.Value("orders_total"));
        Assert.Equal("unknown", page.Types["orders_lost"]);
        Assert.Equal(5, page.Value("orders_lost"));
        Assert.Equal(1, page.Value("orders_wait_bucket", ("le", "5.0")));
        Assert.Equal("info", page.Types["target"]);
    }

    [Fact]
    public async Task Scrapers_that_come_at_once_share_one_collection()
    {
        var collections = 0;
        using var release = new SemaphoreSlim(0);
        _own.CreateObservableGauge(
            "slow",
            () =>
            {
                release.Wait(TimeSpan.FromSeconds(10));
                return Interlocked.Increment(ref collections);
            }
        );
        var scrapes = _app.Services.GetRequiredService<PrometheusScrapes>();

        var first = scrapes.CollectAsync();
        var others = Enumerable.Range(0, 20).Select(_ => scrapes.CollectAsync()).ToArray();
        release.Release(100);
        var families = await first;

        Assert.All(await Task.WhenAll(others), result => Assert.Same(families, result));
        Assert.Equal(1, Volatile.Read(ref collections));
        Assert.NotSame(families, await scrapes.CollectAsync());
    }

    private async Task<MetricsPage> ScrapeAsync(bool openMetrics = false)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/metrics");
        request.Headers.Accept.Add(MediaTypeWithQualityHeaderValue.Parse("text/plain;version=0.0.4;q=0.3"));
        if (openMetrics)
        {
            request.Headers.Accept.Add(
                MediaTypeWithQualityHeaderValue.Parse("application/openmetrics-text;version=1.0.0;q=0.5")
            );
        }

        using var response = await _client.SendAsync(request);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(
            openMetrics ? "application/openmetrics-text" : "text/plain",
            response.Content.Headers.ContentType?.MediaType
        );
        return MetricsPage.Parse(await response.Content.ReadAsStringAsync(), openMetrics);
    }
}

/// <summary>For tests that read all of the process' instruments: a web server of another test would count among them.</summary>
[CollectionDefinition(nameof(AloneInTheProcess), DisableParallelization = true)]
public sealed class AloneInTheProcess;
