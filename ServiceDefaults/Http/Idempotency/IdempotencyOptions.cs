using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Http.Idempotency;

/// <summary>How long answers are kept for repeated requests. Section <c>Idempotency</c>.</summary>
public sealed class IdempotencyOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Idempotency";

    /// <summary>How long the first answer is given again. Default 24 hours.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "30.00:00:00")]
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(24);

    /// <summary>
    /// How long a request may take, and thus how long its key stays taken when the process dies in the middle of it. Default 1 minute.
    /// </summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "01:00:00")]
    public TimeSpan Lease { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a second request waits for the answer of the first that is under way, before 409. Default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:01:00")]
    public TimeSpan Wait { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long Redis may take where an endpoint works without it too. Default 1 second.</summary>
    [Range(typeof(TimeSpan), "00:00:00.010", "00:01:00")]
    public TimeSpan OptionalStoreTimeout { get; set; } = TimeSpan.FromSeconds(1);
}
