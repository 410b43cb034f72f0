using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Gateway;

/// <summary>Limits and deadlines of the gateway. Section <c>Gateway</c>.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>Most bytes waiting for one connection; beyond, it is closed with 4008. Default 1 MiB.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int MaxQueueBytes { get; set; } = 1024 * 1024;

    /// <summary>Largest message from a client; a larger one closes with 1009. Default 64 KiB.</summary>
    [Range(128, 16 * 1024 * 1024)]
    public int MaxMessageBytes { get; set; } = 64 * 1024;

    /// <summary>Messages within a minute that cannot be understood before the connection is closed with 4013. Default 5.</summary>
    [Range(1, 1000)]
    public int MaxInvalidMessages { get; set; } = 5;

    /// <summary>How often the server pings. Default 25 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan PingInterval { get; set; } = TimeSpan.FromSeconds(25);

    /// <summary>How long a pong may take before the peer counts as gone. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan PongTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a closing connection may take for its last bytes and the answer of the peer. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a new connection may wait for its subscriptions. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan OpenTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Most events that a channel's history keeps. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int HistoryEvents { get; set; } = 1000;

    /// <summary>How long a channel without events keeps its history. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan HistoryAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Development only: <c>/ws?user_id=x</c> without a token is accepted. Set by <c>WEBSOCKET_ALLOW_ANONYMOUS</c>. Default false.</summary>
    public bool AllowAnonymous { get; set; }
}
