using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Gateway.Limits;

/// <summary>How much one user, one address and one connection may take. Section <c>Gateway:Limits</c>.</summary>
internal sealed class LimitOptions
{
    public const string Section = "Gateway:Limits";

    /// <summary>The variable of seed 002 for <see cref="MaxConnectionsPerUser"/>; it wins.</summary>
    public const string MaxConnectionsPerUserVariable = "WEBSOCKET_MAX_CONNECTIONS_PER_USER";

    /// <summary>Connections of one user across all replicas; one more is closed with 4009. Default 5 (source: seed 002).</summary>
    [Range(1, 1_000_000)]
    public int MaxConnectionsPerUser { get; set; } = 5;

    /// <summary>Connections from one network address across all replicas; one more is closed with 4009. Default 100.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnectionsPerAddress { get; set; } = 100;

    /// <summary>Connections of this replica; one more is closed with 1013. Default 20,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxConnections { get; set; } = 20_000;

    /// <summary>Handshakes a minute from one address on this replica; more are answered with 429. Default 600.</summary>
    [Range(1, 1_000_000)]
    public int HandshakesPerMinutePerAddress { get; set; } = 600;

    /// <summary>How long a client may take for the head of its request. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan HandshakeTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>Messages a second that one connection may send on average; faster, it is closed with 4029. Default 20.</summary>
    [Range(1, 100_000)]
    public int MessagesPerSecond { get; set; } = 20;

    /// <summary>Messages that one connection may send at once before <see cref="MessagesPerSecond"/> counts. Default 40.</summary>
    [Range(1, 100_000)]
    public int MessageBurst { get; set; } = 40;

    /// <summary>Topics that one socket may be subscribed to. Default 100.</summary>
    [Range(1, 10_000)]
    public int MaxTopicsPerSocket { get; set; } = 100;

    /// <summary>How long a connection of a replica that died still counts. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.300", "00:10:00")]
    public TimeSpan LeaseExpiry { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How often live connections are confirmed, at most half of <see cref="LeaseExpiry"/>. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan LeaseRenewal { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long Redis may take to count a connection before this replica counts alone. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan CountTimeout { get; set; } = TimeSpan.FromSeconds(1);
}
