using Microsoft.AspNetCore.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;
using RealtimeSuite.Http;
using RealtimeSuite.Http.Protection;
using RealtimeSuite.Http.Proxies;
using RealtimeSuite.Telemetry;

namespace RealtimeSuite;

/// <summary>What every service of the suite has.</summary>
public static class ServiceDefaultsSetup
{
    /// <summary>Telemetry, health, problem+json, trusted proxies, limits of requests, and HTTP clients that find services by name and retry.</summary>
    public static IHostApplicationBuilder AddServiceDefaults(this IHostApplicationBuilder builder)
    {
        builder.Services.TryAddSingleton(TimeProvider.System);
        builder.AddTelemetry();
        builder.AddHealth();
        builder.AddTrustedProxies();
        builder.AddRequestLimits();
        builder.AddProblems();
        builder.Services.AddServiceDiscovery();
        builder.Services.ConfigureHttpClientDefaults(http =>
        {
            http.AddStandardResilienceHandler();
            http.AddServiceDiscovery();
        });
        return builder;
    }

    /// <summary>Who is there behind a proxy, what browsers are told, error handling, limits of requests, and the health paths.</summary>
    public static WebApplication UseServiceDefaults(this WebApplication app)
    {
        app.UseTrustedProxies();
        app.UseRequestSpans();
        app.UseSecurityHeaders();
        app.UseProblems();
        app.UseRequestLimits();
        app.MapHealth();
        return app;
    }

    /// <summary>Runs until the service is told to stop. A wrong setting ends it at once with a sentence that names the setting, and exit code 1.</summary>
    public static int RunService(this WebApplication app)
    {
        try
        {
            app.Run();
            return 0;
        }
        catch (Exception exception) when (WrongSettings(exception) is { Count: > 0 } sentences)
        {
            sentences.ForEach(Console.Error.WriteLine);
            return 1;
        }
    }

    private static List<string> WrongSettings(Exception exception) =>
        exception switch
        {
            OptionsValidationException wrong => [.. wrong.Failures],
            AggregateException several => [.. several.InnerExceptions.SelectMany(WrongSettings)],
            _ => [],
        };
}
