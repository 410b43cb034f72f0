using Aspire.Hosting.Processes;
using Aspire.Hosting.ProjectFiles;
using Aspire.Hosting.Relay;

namespace Aspire.Hosting.Dashboard;

/// <summary>
/// Runs the real dashboard for its telemetry pages and API: all resources send it their traces, metrics and logs. It
/// listens on loopback only and asks for no login unless told to. Its page of resources stays empty, since that one
/// asks the real hosting packages.
/// </summary>
internal sealed class DashboardHost(
    DistributedApplicationOptions options,
    IConfiguration configuration,
    AppHostMetadata metadata,
    IHostEnvironment environment,
    Reaper reaper,
    ResourceOutput output,
    ILogger<DistributedApplication> logger
)
{
    private const string LogName = "aspire-dashboard";
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(20);
    private readonly List<PortLease> _leases = [];
    private ChildProcess? _process;
    private Task _exit = Task.CompletedTask;
    private Task _announced = Task.CompletedTask;
    private volatile bool _stopping;

    /// <summary>Where telemetry goes; null without a dashboard.</summary>
    public string? OtlpGrpcUrl { get; private set; }

    public string? OtlpHttpUrl { get; private set; }

    public string? OtlpApiKey { get; private set; }

    public void Start()
    {
        if (options.DisableDashboard || configuration.GetValue("AppHost:DisableDashboard", false))
        {
            return;
        }

        if (DashboardLocation.Find(configuration, metadata, environment.ContentRootPath) is not { } path)
        {
            Log.Absent(logger);
            return;
        }

        var frontend = Url("ASPNETCORE_URLS");
        OtlpGrpcUrl = Url("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", "DOTNET_DASHBOARD_OTLP_ENDPOINT_URL");
        OtlpHttpUrl = Url("ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL", "DOTNET_DASHBOARD_OTLP_HTTP_ENDPOINT_URL");
        OtlpApiKey = configuration["AppHost:OtlpApiKey"];
        output.Add(LogName, LogName);
        _process = ChildProcess.Start(Spec(path, frontend), reaper, (text, _) => output.WriteToFile(LogName, text));
        _exit = WatchAsync(_process);
        _announced = AnnounceAsync(frontend); // the resources need not wait for it
    }

    public async Task StopAsync()
    {
        _stopping = true;
        if (_process is { } process)
        {
            await process.StopAsync(TimeSpan.FromSeconds(5)).ConfigureAwait(false);
            await Task.WhenAll(_exit, _announced).ConfigureAwait(false);
            process.Dispose();
            _process = null;
        }

        foreach (var lease in _leases)
        {
            lease.Dispose();
        }

        _leases.Clear();
    }

    /// <summary>The configured address, or a free port where none is given or it is taken.</summary>
    private string Url(params string[] keys)
    {
        var configured = keys.Select(k => configuration[k]).FirstOrDefault(v => !string.IsNullOrEmpty(v));
        var wanted = configured
            ?.Split(';')
            .Select(u => Uri.TryCreate(u, UriKind.Absolute, out var uri) ? uri : null)
            .FirstOrDefault(u => u?.Scheme == Uri.UriSchemeHttp);
        if (wanted is { Port: not 0 })
        {
            if (PortLease.IsFree(wanted.Port))
            {
                return wanted.GetLeftPart(UriPartial.Authority);
            }

            Log.Taken(logger, wanted.Port, keys[0]);
        }

        var lease = PortLease.Take();
        _leases.Add(lease);
        return $"http://localhost:{lease.Port}";
    }

    private ProcessSpec Spec(string path, string frontend)
    {
        var anonymous =
            configuration["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"]
            ?? configuration["DOTNET_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"]
            ?? "true";
        var variables = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = frontend,
            ["ASPNETCORE_ENVIRONMENT"] = "Production",
            ["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = OtlpGrpcUrl!,
            ["ASPIRE_DASHBOARD_OTLP_HTTP_ENDPOINT_URL"] = OtlpHttpUrl!,
            ["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] = anonymous,
            ["ASPIRE_DASHBOARD_API_ENABLED"] = "true",
            ["DASHBOARD__APPLICATIONNAME"] = options.DashboardApplicationName ?? environment.ApplicationName,
            // There is no resource service here; with an address of one the dashboard would insist on its credentials.
            ["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = "",
            ["DOTNET_RESOURCE_SERVICE_ENDPOINT_URL"] = "",
            // Keys and caches go with the run: nothing is left in the user's home.
            ["HOME"] = reaper.Scratch,
            ["XDG_DATA_HOME"] = reaper.Scratch,
            ["XDG_CONFIG_HOME"] = reaper.Scratch,
        };
        if (OtlpApiKey is not null)
        {
            variables["DASHBOARD__OTLP__AUTHMODE"] = "ApiKey";
            variables["DASHBOARD__OTLP__PRIMARYAPIKEY"] = OtlpApiKey;
        }

        return new(path, ["dashboard"], Path.GetDirectoryName(path)!, variables);
    }

    private async Task WatchAsync(ChildProcess process)
    {
        var exitCode = await process.WaitForExitAsync().ConfigureAwait(false);
        if (!_stopping)
        {
            Log.Ended(logger, exitCode, LogName);
        }
    }

    private async Task AnnounceAsync(string frontend)
    {
        using var limit = new CancellationTokenSource(s_startLimit);
        while (!_exit.IsCompleted && !_stopping && !limit.IsCancellationRequested)
        {
            using var socket = await LoopbackConnection
                .TryOpenAsync(new Uri(frontend).Port, limit.Token)
                .ConfigureAwait(false);
            if (socket is not null)
            {
                Log.Listening(logger, frontend);
                Log.Login(logger, frontend);
                return;
            }

            await Task.Delay(100, limit.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static class Log
    {
        private static readonly Action<ILogger, string, Exception?> s_listening = LoggerMessage.Define<string>(
            LogLevel.Information,
            new(1),
            "Now listening on: {Url}"
        );

        private static readonly Action<ILogger, string, Exception?> s_login = LoggerMessage.Define<string>(
            LogLevel.Information,
            new(2),
            "Login to the dashboard at {Url}"
        );

        private static readonly Action<ILogger, Exception?> s_absent = LoggerMessage.Define(
            LogLevel.Warning,
            new(3),
            "The Aspire dashboard is not there (ASPIRE_DASHBOARD_PATH may name it): going on without it."
        );

        private static readonly Action<ILogger, int, string, Exception?> s_taken = LoggerMessage.Define<int, string>(
            LogLevel.Warning,
            new(4),
            "Port {Port}, set by {Key} for the dashboard, is taken: using a free one."
        );

        private static readonly Action<ILogger, int, string, Exception?> s_ended = LoggerMessage.Define<int, string>(
            LogLevel.Warning,
            new(5),
            "The dashboard has ended with exit code {ExitCode}; its log is {Name}.log in this run's folder."
        );

        public static void Listening(ILogger logger, string url) => s_listening(logger, url, null);

        public static void Login(ILogger logger, string url) => s_login(logger, url, null);

        public static void Absent(ILogger logger) => s_absent(logger, null);

        public static void Taken(ILogger logger, int port, string key) => s_taken(logger, port, key, null);

        public static void Ended(ILogger logger, int exitCode, string name) => s_ended(logger, exitCode, name, null);
    }
}
