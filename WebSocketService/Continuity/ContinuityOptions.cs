using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Gateway.Continuity;

/// <summary>What keeps events from being lost or told twice. Section <c>Continuity</c>. The switches exist for tests that show what each safeguard is worth.</summary>
internal sealed class ContinuityOptions
{
    public const string Section = "Continuity";

    /// <summary>Whether this replica reads Kafka itself while Redis is away. Default true.</summary>
    public bool KafkaTail { get; set; } = true;

    /// <summary>Whether an event that comes a second time is recognised by its id. Default true.</summary>
    public bool Deduplicate { get; set; } = true;

    /// <summary>Whether a hole in a channel's numbers is filled from the history, or told to its clients. Default true.</summary>
    public bool RepairGaps { get; set; } = true;

    /// <summary>How many events this replica remembers in order to recognise them. Default 65,536.</summary>
    [Range(16, 16 * 1024 * 1024)]
    public int RecentEvents { get; set; } = 65_536;

    /// <summary>How often the watchdog publishes to itself, and Redis is asked for a sign of life. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "1.00:00:00")]
    public TimeSpan WatchdogInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long the watchdog may hear nothing of itself, or the connection nothing at all, before Redis counts as away. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "1.00:00:00")]
    public TimeSpan WatchdogTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How often replicas tell each other how far Kafka is handled. Default 250 ms.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PositionInterval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>Over how long the connections are closed when the gateway is told to stop. Default 30 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "01:00:00")]
    public TimeSpan DrainWindow { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long the ledger may be out of balance before that is an alarm. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan LedgerPatience { get; set; } = TimeSpan.FromSeconds(10);
}
