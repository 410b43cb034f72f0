using System.Diagnostics;
using System.Net.Http.Headers;

namespace RealtimeSuite.Testing.Servers;

/// <summary>The Api in a process of its own, against the given Redis and Kafka.</summary>
public sealed class ApiServer(string redis, string kafka, params (string Name, string Value)[] settings)
    : ServerProcess(FreePorts.Next())
{
    private const string Secret = "a-secret-of-more-than-32-bytes-for-tests";

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

    private static string Program
    {
        get
        {
            var here = new DirectoryInfo(AppContext.BaseDirectory);
            return Path.Combine(here.Parent!.Parent!.FullName, "Api", here.Name, "Api.dll");
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
