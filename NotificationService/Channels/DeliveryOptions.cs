using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Notifications.Channels;

/// <summary>How deliveries over channels are tried. Section <c>Notifications:Delivery</c>.</summary>
public sealed class DeliveryOptions : IValidatableObject
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Notifications:Delivery";

    /// <summary>Most deliveries that wait for one channel; beyond, new ones are dropped and counted. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxWaiting { get; set; } = 10_000;

    /// <summary>Most deliveries put aside a channel; beyond, the oldest go. Default 1,000.</summary>
    [Range(1, 1_000_000)]
    public int MaxDead { get; set; } = 1000;

    /// <summary>How often one is tried before it is put aside. Default 8.</summary>
    [Range(1, 100)]
    public int MaxAttempts { get; set; } = 8;

    /// <summary>Wait after the first failure; doubles with jitter up to <see cref="MaxBackoff"/>. Default 5 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "01:00:00")]
    public TimeSpan FirstBackoff { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Longest wait. Default 10 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.001", "1.00:00:00")]
    public TimeSpan MaxBackoff { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>How long one attempt may take. Default 10 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a delivery belongs to the replica that took it; longer than <see cref="Timeout"/>. Default 1 min.</summary>
    [Range(typeof(TimeSpan), "00:00:00.200", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often the queues are looked at. Default 1 s.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Attempts at the same time, a channel. Default 8.</summary>
    [Range(1, 256)]
    public int Parallelism { get; set; } = 8;

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Lease <= Timeout)
        {
            yield return new ValidationResult($"{Section}:Lease must be longer than {Section}:Timeout.");
        }
    }
}
