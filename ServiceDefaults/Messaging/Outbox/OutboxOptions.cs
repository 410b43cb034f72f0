using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Messaging.Outbox;

/// <summary>The outbox of one service. Section <c>Outbox</c>.</summary>
public sealed class OutboxOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Outbox";

    /// <summary>Name of the outbox; all replicas of a service share one. Set by the service.</summary>
    [Required]
    public string Name { get; set; } = "";

    /// <summary>Most events sent before the next look at the list. Default 500.</summary>
    [Range(1, 10_000)]
    public int MaxBatch { get; set; } = 500;

    /// <summary>How long to wait for a wake-up before looking anyway. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan IdleWait { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a replica that died keeps others from relaying. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromSeconds(5);

    internal string ListKey => "outbox:" + Name;

    internal string LeaseKey => "outbox:" + Name + ":lease";

    internal string DeadKey => "outbox:" + Name + ":dead";

    internal string WakeChannel => "outbox:" + Name + ":wake";
}
