using System.Diagnostics;
using System.Globalization;
using RealtimeSuite.Bench.Measuring;
using RealtimeSuite.Bench.Sockets;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;

namespace RealtimeSuite.Bench.Servers;

/// <summary>The whole suite in embedded mode, started by the AppHost: the port is the gateway's.</summary>
internal sealed class SuiteServer() : ServerProcess(FreePorts.Next())
{
    private const string Secret = "a-secret-of-more-than-32-bytes-for-measuring";

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    private readonly int _apiPort = FreePorts.Next();
    private readonly string _runFile = Path.Combine(Path.GetTempPath(), $"suite-{Guid.NewGuid():N}.json");

    /// <summary>Sockets of users, each its own.</summary>
    public static Greeting Greeting =>
        new(
            _ => "/ws",
            number => $"Authorization: Bearer {TokenOf(number)}\r\n",
            [new GreetingStep(null, "\"initial_state\"")]
        );

    /// <summary>Where the Api is.</summary>
    public Uri Api => new($"http://127.0.0.1:{_apiPort}");

    protected override ProcessStartInfo Command
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            var command = new ProcessStartInfo(
                Path.Combine(here.Parent!.Parent!.FullName, "AppHost", here.Name, "AppHost"),
                [
                    "--Backing=embedded",
                    $"--Parameters:jwt-secret={Secret}",
                    $"--RunFile={_runFile}",
                    $"--Ports:Api={_apiPort.ToString(CultureInfo.InvariantCulture)}",
                    $"--Ports:Gateway={Port.ToString(CultureInfo.InvariantCulture)}",
                    $"--Ports:Notifications={FreePorts.Next().ToString(CultureInfo.InvariantCulture)}",
                ]
            );
            command.Environment["ASPNETCORE_ENVIRONMENT"] = command.Environment["DOTNET_ENVIRONMENT"] = "Development";
            command.Environment["ASPNETCORE_URLS"] = Address(FreePorts.Next());
            command.Environment["ASPIRE_ALLOW_UNSECURED_TRANSPORT"] = "true";
            command.Environment["ASPIRE_DASHBOARD_UNSECURED_ALLOW_ANONYMOUS"] = "true";
            command.Environment["ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL"] = Address(FreePorts.Next());
            command.Environment["ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL"] = Address(FreePorts.Next());
            return command;

            static string Address(int port) => $"http://localhost:{port.ToString(CultureInfo.InvariantCulture)}";
        }
    }

    /// <summary>The token of a member's user.</summary>
    public static string TokenOf(int number) => TestTokens.For($"user-{number}", Secret, roles: "user");

    /// <summary>Waits until all services are healthy.</summary>
    public Task ReadyAsync() => Eventually.TrueAsync(() => File.Exists(_runFile), "the suite is ready", Patience);

    public override async ValueTask DisposeAsync()
    {
        // The AppHost ends what it has started; killed, it would leave that behind for a while.
        await TerminateAsync();
        await Eventually.TrueAsync(() => ProcessTree.Running(ProcessId) == 1, "the suite has ended", Patience);
        await base.DisposeAsync();
        File.Delete(_runFile);
    }
}
