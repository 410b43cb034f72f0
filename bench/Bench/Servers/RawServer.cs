using System.Diagnostics;

namespace RealtimeSuite.Bench.Servers;

/// <summary>WebSockets of ASP.NET Core, with a channel and <c>SendAsync</c> for each connection.</summary>
internal sealed class RawServer(Backing backing) : SocketServer(backing)
{
    /// <summary>As the tables call it.</summary>
    public const string Title = "ASP.NET Core WebSockets";

    public override string Name => Title;

    protected override ProcessStartInfo Command => DotNet(ProgramOf("Raw"));
}
