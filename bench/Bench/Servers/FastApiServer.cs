using System.Diagnostics;
using System.Globalization;

namespace RealtimeSuite.Bench.Servers;

/// <summary>FastAPI with uvicorn and redis-py, of Debian's packages, one process.</summary>
internal sealed class FastApiServer(Backing backing) : SocketServer(backing)
{
    private const string Python = "/usr/bin/python3";

    /// <summary>As the tables call it.</summary>
    public const string Title = "FastAPI, uvicorn, redis-py";

    public override string Name => Title;

    protected override ProcessStartInfo Command
    {
        get
        {
            _ = Alternatives.Require(
                "/usr/lib/python3/dist-packages/fastapi",
                "install python3-fastapi, uvicorn, python3-redis and python3-websockets"
            );
            var port = Port.ToString(CultureInfo.InvariantCulture);
            string[] where = ["--app-dir", Alternatives.PathOf("fastapi"), "--host", "127.0.0.1", "--port", port];
            var command = new ProcessStartInfo(
                Python,
                ["-B", "-m", "uvicorn", "main:app", .. where, "--log-level", "warning"]
            );
            command.Environment["REDIS"] = Backing.Redis.Address;
            return command;
        }
    }
}
