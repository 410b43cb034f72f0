using System.Diagnostics;
using RealtimeSuite.Bench.Sockets;

namespace RealtimeSuite.Bench.Servers;

/// <summary>ASP.NET Core SignalR with its JSON protocol.</summary>
internal sealed class SignalRServer(Backing backing) : SocketServer(backing)
{
    /// <summary>As the tables call it.</summary>
    public const string Title = "SignalR";

    public override string Name => Title;

    public override Greeting Greeting =>
        new(
            number => $"/hub?user={UserOf(number)}",
            Steps: [new GreetingStep("{\"protocol\":\"json\",\"version\":1}\u001e", "{}\u001e")]
        );

    protected override ProcessStartInfo Command => DotNet(ProgramOf("SignalR"));
}
