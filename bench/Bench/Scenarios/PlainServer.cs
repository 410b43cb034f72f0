using System.Diagnostics;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;
using RealtimeSuite.Testing;
using RealtimeSuite.Testing.Servers;
using StackExchange.Redis;

namespace RealtimeSuite.Bench.Scenarios;

/// <summary>
/// What a write costs at the least: a minimal API that reads the same body and writes one hash to Redis, without identity, limits,
/// index, version or event. In a process of its own, as the Api is.
/// </summary>
internal sealed class PlainServer(string redis) : ServerProcess(FreePorts.Next())
{
    /// <summary>The path that it writes at.</summary>
    public const string Path = "/tasks";

    protected override ProcessStartInfo Command
    {
        get
        {
            var command = new ProcessStartInfo("dotnet", [typeof(PlainServer).Assembly.Location, "plain"]);
            command.Environment["ASPNETCORE_URLS"] = $"http://{Address}";
            command.Environment["ConnectionStrings__redis"] = redis;
            return command;
        }
    }

    /// <summary>Serves until it is killed.</summary>
    public static async Task<int> RunAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.SetMinimumLevel(LogLevel.Warning);
        await using var redis = await ConnectionMultiplexer.ConnectAsync(
            builder.Configuration.GetConnectionString("redis")!
        );
        var database = redis.GetDatabase();
        await using var app = builder.Build();
        app.MapPost(
            Path,
            async (NewTask input) =>
            {
                var id = Guid.CreateVersion7();
                await database.HashSetAsync($"plain:{id}", "state", JsonSerializer.Serialize(input));
                return TypedResults.Created($"{Path}/{id}", input);
            }
        );
        await app.RunAsync();
        return 0;
    }

    /// <summary>A client without a token.</summary>
    public HttpClient Client() => new() { BaseAddress = new Uri($"http://{Address}") };

    private sealed record NewTask(string Title, string? Description);
}
