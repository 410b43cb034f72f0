using System.Diagnostics;
using System.Globalization;
using StackExchange.Redis;

namespace RealtimeSuite.Testing.Servers;

/// <summary>The original Redis server, keeping nothing on disk.</summary>
public sealed class RedisServer() : ServerProcess(FreePorts.Next())
{
    private const string Program = "redis-server";

    /// <summary>Whether this machine has it.</summary>
    public static bool IsInstalled => Programs.Has(Program);

    protected override ProcessStartInfo Command =>
        new(
            Program,
            [
                "--port",
                Port.ToString(CultureInfo.InvariantCulture),
                "--bind",
                "127.0.0.1",
                "--save",
                "",
                "--appendonly",
                "no",
            ]
        );

    /// <summary>A new connection to it, on which a busy machine may take its time.</summary>
    public Task<ConnectionMultiplexer> ConnectAsync() =>
        ConnectionMultiplexer.ConnectAsync(
            Address + ",abortConnect=false,allowAdmin=true,asyncTimeout=30000,syncTimeout=30000"
        );
}
