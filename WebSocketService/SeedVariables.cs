using System.Text.Json;

namespace RealtimeSuite.Gateway;

/// <summary>The environment variables of seeds 002 and 003, which win over appsettings.</summary>
internal static class SeedVariables
{
    /// <summary>Reads them into the options.</summary>
    public static void Apply(IConfiguration configuration, GatewayOptions options)
    {
        options.AllowAnonymous = configuration.GetValue("WEBSOCKET_ALLOW_ANONYMOUS", options.AllowAnonymous);
        options.MetricsPerUser = configuration.GetValue("WEBSOCKET_METRICS_PER_USER", options.MetricsPerUser);
        options.Compression = configuration.GetValue("WEBSOCKET_COMPRESSION", options.Compression);
        if (configuration.GetValue<double?>("WEBSOCKET_IDLE_TIMEOUT") is { } seconds)
        {
            options.IdleTimeout = TimeSpan.FromSeconds(seconds);
        }

        if ((configuration["CORS_ORIGINS"] ?? configuration["BACKEND_CORS_ORIGINS"]) is { Length: > 0 } origins)
        {
            options.AllowedOrigins = Origins(origins);
        }
    }

    /// <summary>Listens on <c>WEBSOCKET_PORT</c>, unless the addresses are set in ASP.NET Core's own way.</summary>
    public static void UseSeedPort(this WebApplicationBuilder builder)
    {
        var configuration = builder.Configuration;
        if (
            configuration.GetValue<int?>("WEBSOCKET_PORT") is { } port
            && string.IsNullOrEmpty(configuration["ASPNETCORE_URLS"])
            && string.IsNullOrEmpty(configuration["urls"])
        )
        {
            builder.WebHost.UseUrls($"http://*:{port}");
        }
    }

    /// <summary>A JSON array, or names separated by commas.</summary>
    private static string[] Origins(string text) =>
        text.TrimStart().StartsWith('[')
            ? JsonSerializer.Deserialize<string[]>(text) ?? []
            : text.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
}
