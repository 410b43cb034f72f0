using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using OpenTelemetry;
using OpenTelemetry.Logs;
using OpenTelemetry.Trace;

namespace RealtimeSuite.Telemetry;

/// <summary>OpenTelemetry traces, metrics and logs, sent over OTLP when <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> is set.</summary>
public static class TelemetrySetup
{
    /// <summary>Prefix of every activity source and meter of the suite.</summary>
    public const string Prefix = "RealtimeSuite.";

    private static readonly string[] ProbePaths =
    [
        "/health",
        "/alive",
        "/metrics",
        "/healthz",
        "/healthz/redis",
        "/healthz/websocket",
        "/api/v1/ws/health",
    ];

    /// <summary>Registers the three signals: the suite's own sources and meters, and those that .NET brings.</summary>
    public static IHostApplicationBuilder AddTelemetry(this IHostApplicationBuilder builder)
    {
        // .NET's own server activity sets the semantic-convention attributes only when asked to.
        AppContext.SetSwitch("Microsoft.AspNetCore.Hosting.SuppressActivityOpenTelemetryData", false);

        builder.Logging.AddOpenTelemetry(logging =>
        {
            logging.IncludeFormattedMessage = true;
            logging.IncludeScopes = true;
        });

        var telemetry = builder
            .Services.AddOpenTelemetry()
            .WithMetrics(metrics =>
                metrics
                    .AddMeter(Prefix + "*")
                    .AddMeter("Microsoft.AspNetCore.Hosting", "Microsoft.AspNetCore.Server.Kestrel")
                    .AddMeter("System.Net.Http", "System.Runtime")
            )
            .WithTracing(tracing =>
                tracing
                    .AddSource(Prefix + "*")
                    .AddSource("Microsoft.AspNetCore", "System.Net.Http")
                    .AddProcessor(new ProbeFilter(ProbePaths))
            );

        if (!string.IsNullOrWhiteSpace(builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"]))
        {
            telemetry.UseOtlpExporter();
        }

        return builder;
    }
}
