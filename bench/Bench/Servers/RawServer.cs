using System.Diagnostics;

namespace RealtimeSuite.Bench.Servers;

/// <summary>WebSockets of ASP.NET Core, with a channel and <c>SendAsync</c> for each connection.</summary>
internal sealed class RawServer(Backing backing) : SocketServer(backing)
{
    public override string Name => "ASP.NET Core WebSockets";

    protected override ProcessStartInfo Command => DotNet(ProgramOf("Raw"));
}
