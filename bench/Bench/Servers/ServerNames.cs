namespace RealtimeSuite.Bench.Servers;

/// <summary>The servers by the names that one gives on the command line, in the order of the tables.</summary>
internal static class ServerNames
{
    private const string Floor = "floor";

    private static readonly Dictionary<string, Func<Backing, SocketServer>> Known = new(StringComparer.Ordinal)
    {
        ["gateway"] = backing => new GatewayServer(backing),
        ["raw"] = backing => new RawServer(backing),
        ["signalr"] = backing => new SignalRServer(backing),
        ["nchan"] = backing => new NchanServer(backing),
        ["ws"] = backing => new WsServer(backing),
        ["socketio"] = backing => new SocketIoServer(backing),
        ["fastapi"] = backing => new FastApiServer(backing),
        [Floor] = backing => new FloorServer(backing),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyCollection<string> All => Known.Keys;

    /// <summary>All that keep their sockets as servers must.</summary>
    public static IReadOnlyCollection<string> AllButFloor => [.. Known.Keys.Where(name => name != Floor)];

    /// <summary>A server that is not started.</summary>
    public static SocketServer New(string name, Backing backing) => Known[name](backing);
}
