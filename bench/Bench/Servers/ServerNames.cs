namespace RealtimeSuite.Bench.Servers;

/// <summary>The servers by the names that one gives on the command line, in the order of the tables.</summary>
internal static class ServerNames
{
    private const string Floor = "floor";

    private static readonly Dictionary<string, (string Title, Func<Backing, SocketServer> New)> Known = new(
        StringComparer.Ordinal
    )
    {
        ["gateway"] = (GatewayServer.Title, backing => new GatewayServer(backing)),
        ["raw"] = (RawServer.Title, backing => new RawServer(backing)),
        ["signalr"] = (SignalRServer.Title, backing => new SignalRServer(backing)),
        ["nchan"] = (NchanServer.Title, backing => new NchanServer(backing)),
        ["ws"] = (WsServer.Title, backing => new WsServer(backing)),
        ["socketio"] = (SocketIoServer.Title, backing => new SocketIoServer(backing)),
        ["fastapi"] = (FastApiServer.Title, backing => new FastApiServer(backing)),
        [Floor] = (FloorServer.Title, backing => new FloorServer(backing)),
    };

    /// <summary>All of them.</summary>
    public static IReadOnlyCollection<string> All => Known.Keys;

    /// <summary>All that keep their sockets as servers must.</summary>
    public static IReadOnlyCollection<string> AllButFloor => [.. Known.Keys.Where(name => name != Floor)];

    /// <summary>What the tables call them.</summary>
    public static IReadOnlyCollection<string> Titles => [.. Known.Values.Select(server => server.Title)];

    /// <summary>What the tables call one.</summary>
    public static string TitleOf(string name) => Known[name].Title;

    /// <summary>A server that is not started.</summary>
    public static SocketServer New(string name, Backing backing) => Known[name].New(backing);
}
