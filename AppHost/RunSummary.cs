using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using RealtimeSuite.AppHost.Backing;

namespace RealtimeSuite.AppHost;

/// <summary>
/// Once everything is healthy: prints the addresses and the demo login, and, when <c>RunFile</c> names a file, writes them there as JSON
/// for scripts. The file goes when the application stops.
/// </summary>
internal static partial class RunSummary
{
    /// <summary>Adds it.</summary>
    public static void AddRunSummary(
        this IDistributedApplicationBuilder builder,
        BackingServices backing,
        IResourceBuilder<ProjectResource> api,
        IResourceBuilder<ProjectResource> gateway,
        IResourceBuilder<ProjectResource> notifications,
        IResourceBuilder<ProjectResource> web
    )
    {
        if (builder.ExecutionContext.IsPublishMode)
        {
            return;
        }

        builder.Services.AddHostedService(services => new Writer(
            services.GetRequiredService<ResourceNotificationService>(),
            services.GetRequiredService<IConfiguration>(),
            backing,
            api.Resource,
            gateway.Resource,
            notifications.Resource,
            web.Resource,
            services.GetRequiredService<ILogger<Writer>>()
        ));
    }

    private sealed partial class Writer(
        ResourceNotificationService states,
        IConfiguration configuration,
        BackingServices backing,
        ProjectResource api,
        ProjectResource gateway,
        ProjectResource notifications,
        ProjectResource web,
        ILogger<Writer> logger
    ) : BackgroundService
    {
        private static TimeSpan SinceStart =>
            TimeProvider.System.GetUtcNow().UtcDateTime - Process.GetCurrentProcess().StartTime.ToUniversalTime();

        private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            try
            {
                await states.WaitForResourceHealthyAsync(api.Name, stoppingToken);
                await states.WaitForResourceHealthyAsync(gateway.Name, stoppingToken);
                await states.WaitForResourceHealthyAsync(notifications.Name, stoppingToken);
                await states.WaitForResourceHealthyAsync(web.Name, stoppingToken);
            }
            catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
            {
                return;
            }

            var addresses = new Dictionary<string, string?>(StringComparer.Ordinal)
            {
                ["web"] = Address(web),
                ["api"] = Address(api),
                ["gateway"] = Address(gateway),
                ["notifications"] = Address(notifications),
                ["dashboard"] = configuration["ASPNETCORE_URLS"]?.Split(';')[0].TrimEnd('/'),
                ["redis"] = await backing.Redis.Resource.GetConnectionStringAsync(stoppingToken),
                ["kafka"] = await backing.Kafka.Resource.GetConnectionStringAsync(stoppingToken),
            };
            Print(addresses);
            if (configuration["RunFile"] is { Length: > 0 } file)
            {
                Write(file, addresses);
            }

            if (configuration.GetValue<bool>("FirstEvent"))
            {
                await ShowFirstEventAsync(addresses["api"]!, addresses["gateway"]!, stoppingToken);
            }
        }

        private async Task ShowFirstEventAsync(string apiAddress, string gatewayAddress, CancellationToken stopping)
        {
            try
            {
                var elapsed = await FirstEvent.SendAsync(apiAddress, gatewayAddress, stopping);
                Console.WriteLine(
                    $"A task created over REST arrived on a socket after {elapsed.TotalMilliseconds:F0} ms, {SinceStart.TotalSeconds:F1} s after the start."
                );
            }
            catch (Exception exception)
                when (exception is HttpRequestException or WebSocketException or OperationCanceledException)
            {
                if (!stopping.IsCancellationRequested)
                {
                    Log.NoFirstEvent(logger, exception);
                }
            }
        }

        public override async Task StopAsync(CancellationToken cancellationToken)
        {
            await base.StopAsync(cancellationToken);
            if (configuration["RunFile"] is { Length: > 0 } file)
            {
                File.Delete(file);
            }
        }

        private void Print(Dictionary<string, string?> addresses) =>
            Console.WriteLine(
                $"""

                RealtimeSuite is ready, {SinceStart.TotalSeconds:F1} s after its start.
                  Web            {addresses["web"]}   (sign in with the demo login)
                  Api            {addresses["api"]}   (OpenAPI: /openapi/v1.json)
                  Gateway        {addresses["gateway"]}   (sockets: /ws)
                  Notifications  {addresses["notifications"]}   (OpenAPI: /openapi/v1.json)
                  Aspire         {addresses["dashboard"]}
                  Backing        {backing.Mode}
                  Demo login     user1 / user123, admin admin1 / admin123

                """
            );

        private static string Address(ProjectResource project) => project.GetEndpoint("http").Url.TrimEnd('/');

        /// <summary>Writes beside and renames, so that nobody reads half a file.</summary>
        private static void Write(string file, Dictionary<string, string?> addresses)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.GetFullPath(file))!);
            File.WriteAllText(file + ".new", JsonSerializer.Serialize(addresses, Indented) + "\n");
            File.Move(file + ".new", file, overwrite: true);
        }

        private static partial class Log
        {
            [LoggerMessage(LogLevel.Error, "A task created over REST did not arrive on a socket")]
            public static partial void NoFirstEvent(ILogger logger, Exception exception);
        }
    }
}
