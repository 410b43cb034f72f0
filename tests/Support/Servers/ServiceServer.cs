using System.Diagnostics;
using System.Net.Http.Headers;

namespace RealtimeSuite.Testing.Servers;

/// <summary>A service of the suite in a process of its own, against the given Redis and Kafka.</summary>
/// <param name="project">The project, whose program is beside that of the tests.</param>
/// <param name="redis">Host and port.</param>
/// <param name="kafka">Host and port.</param>
/// <param name="settings">Environment variables besides; they win.</param>
public class ServiceServer(string project, string redis, string kafka, params (string Name, string Value)[] settings)
    : ServerProcess(FreePorts.Next())
{
    /// <summary>The secret that tokens are signed with.</summary>
    public const string Secret = "a-secret-of-more-than-32-bytes-for-tests";

    protected override ProcessStartInfo Command
    {
        get
        {
            var command = new ProcessStartInfo("dotnet", [Program]);
            command.Environment["ASPNETCORE_URLS"] = $"http://{Address}";
            command.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
            command.Environment["ConnectionStrings__redis"] = redis;
            command.Environment["ConnectionStrings__kafka"] = kafka;
            command.Environment["JWT_SECRET_KEY"] = Secret;
            foreach (var (name, value) in settings)
            {
                command.Environment[name] = value;
            }

            return command;
        }
    }

    private string Program
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(here.Parent!.Parent!.FullName, project, here.Name, project + ".dll");
        }
    }

    /// <summary>A client without a token.</summary>
    public HttpClient Client() => new() { BaseAddress = new Uri($"http://{Address}") };

    /// <summary>A client of that user.</summary>
    public HttpClient ClientOf(string userId, params string[] roles)
    {
        var client = Client();
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
            "Bearer",
            TestTokens.For(userId, Secret, roles: roles)
        );
        return client;
    }
}
