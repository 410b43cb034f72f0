using System.Diagnostics;
using System.Globalization;
using RealtimeSuite.AppHost.Backing;
using StackExchange.Redis;

namespace RealtimeSuite.Testing.Servers;

/// <summary>Garnet with Lua and an append-only file in a temporary folder.</summary>
public sealed class GarnetServer() : ServerProcess(FreePorts.Next())
{
    private readonly string _folder = Directory.CreateTempSubdirectory("garnet-").FullName;

    protected override ProcessStartInfo Command =>
        new(
            "dotnet",
            [
                EmbeddedPrograms.GarnetServer,
                "--bind",
                "127.0.0.1",
                "--port",
                Port.ToString(CultureInfo.InvariantCulture),
                "--lua",
                "--lua-transaction-mode",
                "--device-type",
                "RandomAccess",
                "--aof",
                "--recover",
                "--checkpointdir",
                _folder,
            ]
        );

    /// <summary>A started server.</summary>
    public static async Task<GarnetServer> RunAsync()
    {
        var server = new GarnetServer();
        await server.StartAsync();
        return server;
    }

    /// <summary>A new connection to it, on which a busy machine may take its time.</summary>
    public Task<ConnectionMultiplexer> ConnectAsync() =>
        ConnectionMultiplexer.ConnectAsync(
            Address + ",abortConnect=false,allowAdmin=true,asyncTimeout=30000,syncTimeout=30000"
        );

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
