using System.ComponentModel.DataAnnotations;
using RealtimeSuite.Gateway.Hub;

namespace RealtimeSuite.Gateway;

/// <summary>Deadlines, sizes and policies of the gateway. Section <c>Gateway</c>; variables of the seeds win where named.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>Most bytes waiting for one connection; beyond, its topic's policy decides. Default 1 MiB.</summary>
    [Range(1024, 1024 * 1024 * 1024)]
    public int MaxQueueBytes { get; set; } = 1024 * 1024;

    /// <summary>Threads that write to sockets; 0 for one a two processors. Default 0.</summary>
    [Range(0, 64)]
    public int SendLoops { get; set; }

    /// <summary>What happens to a topic's events at a client that reads too slowly, by topic name. Default: prices and stock <c>LatestByKey</c>, all else <c>Disconnect</c>.</summary>
    public Dictionary<string, SlowPolicy> TopicPolicies { get; set; } = [];

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

    /// <summary>How long a client may say nothing before it is closed with 4010. <c>WEBSOCKET_IDLE_TIMEOUT</c>, in seconds, wins. Default 300 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "7.00:00:00")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromSeconds(300);

    /// <summary>How long finding out who a client is may take. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan AuthenticationTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a closing connection may take for its last bytes and the answer of the peer. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan CloseTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a new connection, or a new topic of it, may wait for its subscriptions. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan OpenTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long reading an order's owner or the initial state may take. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan ReadTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How often deadlines of connections are looked at. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan SweepInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Most events that a channel's history keeps. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int HistoryEvents { get; set; } = 1000;

    /// <summary>How long a channel without events keeps its history. Default 24 h.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan HistoryAge { get; set; } = TimeSpan.FromHours(24);

    /// <summary>Origins of browser pages that may connect; <c>*</c> for any. <c>CORS_ORIGINS</c> (a JSON array) and <c>BACKEND_CORS_ORIGINS</c> (separated by commas) win. Default: the gateway's own origin, and in Development any on this machine.</summary>
    public string[] AllowedOrigins { get; set; } = [];

    /// <summary>Development only: <c>/ws?user_id=x</c> without a token is accepted. <c>WEBSOCKET_ALLOW_ANONYMOUS</c> wins. Default false.</summary>
    public bool AllowAnonymous { get; set; }

    /// <summary>Whether permessage-deflate, without context takeover, is used when the client offers it. <c>WEBSOCKET_COMPRESSION</c> wins. Default false.</summary>
    public bool Compression { get; set; }

    /// <summary>Whether <c>websocket_active_connections</c> has a label with the user's id: as many series as there are users. <c>WEBSOCKET_METRICS_PER_USER</c> wins. Default false.</summary>
    public bool MetricsPerUser { get; set; }
}
