using Microsoft.Extensions.Diagnostics.HealthChecks;
using RealtimeSuite.Contracts.AsyncApi;
using RealtimeSuite.Gateway.Operations.Admin;
using RealtimeSuite.Gateway.Operations.Fleet;
using RealtimeSuite.Gateway.Operations.Health;
using RealtimeSuite.Gateway.Operations.Live;
using RealtimeSuite.Gateway.Operations.Tail;
using RealtimeSuite.Telemetry.Prometheus;

namespace RealtimeSuite.Gateway.Operations;

/// <summary>What operators have: health, metrics, the AsyncAPI document, and a hand on the connections of all replicas.</summary>
internal static class OperationsSetup
{
    /// <summary>Registers it.</summary>
    public static void AddOperations(this WebApplicationBuilder builder)
    {
        builder.AddPrometheus(services => services.GetRequiredService<Replica>().Id);
        builder.Services.AddKeyedSingleton(BackingProbe.Redis, Probe);
        builder.Services.AddKeyedSingleton(BackingProbe.Kafka, Probe);
        builder.Services.AddSingleton<FleetActions>();
        builder.Services.AddSingleton<FleetCalls>();
        builder.Services.AddHostedService<FleetListener>();
        builder.Services.AddSingleton<FiguresSampler>();
        builder.Services.AddHostedService(services => services.GetRequiredService<FiguresSampler>());
        builder.Services.AddSingleton<LiveStream>();
        builder.Services.AddSingleton<TailReaders>();
        builder.Services.AddHostedService<TailPublisher>();
        builder.Services.AddSingleton<TailStream>();
        builder.Services.AddSingleton<OperatorStream>();
    }

    /// <summary>Maps the paths.</summary>
    public static void MapOperations(this WebApplication app)
    {
        app.MapPrometheus();
        app.MapSocketHealth();
        app.MapAdmin();
        app.MapGet("/asyncapi.json", () => TypedResults.Text(AsyncApiDocument.Text, "application/json"))
            .ExcludeFromDescription();
    }

    private static BackingProbe Probe(IServiceProvider services, object? name) =>
        new(
            (string)name!,
            services.GetRequiredService<HealthCheckService>(),
            services.GetRequiredService<TimeProvider>()
        );
}
