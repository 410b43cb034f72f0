using System.Diagnostics;
using System.Globalization;

namespace RealtimeSuite.Bench.Servers;

/// <summary>A server of Node, one process.</summary>
internal abstract class NodeServer(Backing backing, string folder) : SocketServer(backing)
{
    protected override ProcessStartInfo Command
    {
        get
        {
            _ = Alternatives.Require(
                Alternatives.PathOf(folder, "node_modules"),
                "run bench/run.sh, which installs it with npm"
            );
            var command = new ProcessStartInfo("node", [Alternatives.PathOf(folder, "server.js")]);
            command.Environment["NODE_ENV"] = "production";
            command.Environment["PORT"] = Port.ToString(CultureInfo.InvariantCulture);
            command.Environment["REDIS"] = Backing.Redis.Address;
            return command;
        }
    }
}

/// <summary>Node's <c>ws</c> with the <c>redis</c> client.</summary>
internal sealed class WsServer(Backing backing) : NodeServer(backing, "ws")
{
    /// <summary>As the tables call it.</summary>
    public const string Title = "Node `ws`";

    public override string Name => Title;
}
