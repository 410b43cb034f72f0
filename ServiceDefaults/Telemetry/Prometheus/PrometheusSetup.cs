using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Net.Http.Headers;
using OpenTelemetry.Metrics;

namespace RealtimeSuite.Telemetry.Prometheus;

/// <summary><c>/metrics</c>: everything that the service counts, for Prometheus to scrape. Works beside the OTLP exporter, from the same meters.</summary>
public static class PrometheusSetup
{
    /// <summary>Registers the reader. <paramref name="replica"/> names this process in <c>target_info</c>; by default the machine does.</summary>
    public static IHostApplicationBuilder AddPrometheus(
        this IHostApplicationBuilder builder,
        Func<IServiceProvider, string>? replica = null
    )
    {
        builder.Services.AddSingleton<PrometheusExporter>();
        builder.Services.AddSingleton<PrometheusScrapes>();
        builder.Services.AddSingleton(services => new PrometheusTarget(
            builder.Configuration["OTEL_SERVICE_NAME"] ?? builder.Environment.ApplicationName,
            replica?.Invoke(services) ?? Environment.MachineName
        ));
        builder.Services.ConfigureOpenTelemetryMeterProvider(metrics =>
            metrics.AddReader(services => new BaseExportingMetricReader(
                services.GetRequiredService<PrometheusExporter>()
            ))
        );
        return builder;
    }

    /// <summary>Maps the path: text format 0.0.4, or OpenMetrics for those that prefer it; 503 when the instruments do not answer in time.</summary>
    public static WebApplication MapPrometheus(this WebApplication app)
    {
        app.MapGet("/metrics", ScrapeAsync).ExcludeFromDescription();
        return app;
    }

    private static async Task ScrapeAsync(HttpContext context, PrometheusScrapes scrapes, PrometheusTarget target)
    {
        var families = await scrapes.CollectAsync();
        if (families is null)
        {
            context.Response.StatusCode = StatusCodes.Status503ServiceUnavailable;
            return;
        }

        var openMetrics = PrefersOpenMetrics(context.Request);
        context.Response.ContentType = openMetrics ? PrometheusText.OpenMetricsContentType : PrometheusText.ContentType;
        await context.Response.WriteAsync(
            PrometheusText.Write([target.Family, .. families], openMetrics),
            context.RequestAborted
        );
    }

    private static bool PrefersOpenMetrics(HttpRequest request)
    {
        var accepted = request.GetTypedHeaders().Accept;
        var openMetrics = Quality(accepted, PrometheusText.OpenMetrics);
        return openMetrics > 0 && openMetrics >= Quality(accepted, "text/plain");
    }

    private static double Quality(IList<MediaTypeHeaderValue> accepted, string mediaType) =>
        accepted
            .Where(type => type.MediaType.Equals(mediaType, StringComparison.OrdinalIgnoreCase))
            .Select(type => type.Quality ?? 1)
            .DefaultIfEmpty(0)
            .Max();
}

/// <summary>The process that is scraped.</summary>
/// <param name="Service">The service.</param>
/// <param name="Replica">The process among the service's replicas.</param>
internal sealed record PrometheusTarget(string Service, string Replica)
{
    /// <summary><c>target_info{service,replica} 1</c>, to be joined with other metrics.</summary>
    public MetricFamily Family
    {
        get
        {
            var family = new MetricFamily("target_info", MetricKind.Info, "The process that was scraped.");
            family.Samples.Add(
                new MetricSample(
                    "",
                    PrometheusText.Labels([new("service", Service), new("replica", Replica)]),
                    Value: "1"
                )
            );
            return family;
        }
    }
}
