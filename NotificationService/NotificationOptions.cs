using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Notifications;

/// <summary>What is kept, and when stock counts as low. Section <c>Notifications</c>.</summary>
public sealed class NotificationOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Notifications";

    /// <summary>Most notifications kept for one user. Default 1,000.</summary>
    [Range(1, 100_000)]
    public int MaxPerUser { get; set; } = 1000;

    /// <summary>Most notifications kept for one role, and for everyone; each reading looks at all of their ids. Default 200.</summary>
    [Range(1, 10_000)]
    public int MaxPerAudience { get; set; } = 200;

    /// <summary>How long a notification is kept. Older ones go when the next comes. Default 90 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "3650.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromDays(90);

    /// <summary>How long an event is recognised when it comes again; at least as long as Kafka keeps it. Default 7 days.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "365.00:00:00")]
    public TimeSpan EventMemory { get; set; } = TimeSpan.FromDays(7);

    /// <summary>Stock that falls below this is told to the admins. Default 10.</summary>
    [Range(0, 1_000_000)]
    public int LowStock { get; set; } = 10;
}
