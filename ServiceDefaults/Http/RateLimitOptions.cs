using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Http;

/// <summary>Requests of one caller to one replica. Section <c>RateLimits</c>.</summary>
public sealed class RateLimitOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "RateLimits";

    /// <summary>Requests a second that a user may keep up. Default 200.</summary>
    [Range(1, 1_000_000)]
    public int RequestsPerSecond { get; set; } = 200;

    /// <summary>Requests at once, on top. Default 400.</summary>
    [Range(1, 1_000_000)]
    public int Burst { get; set; } = 400;

    /// <summary>Requests a second that a caller of the role <c>service</c> may keep up. Default 5,000.</summary>
    [Range(1, 1_000_000)]
    public int ServiceRequestsPerSecond { get; set; } = 5_000;

    /// <summary>The same caller's requests at once. Default 10,000.</summary>
    [Range(1, 1_000_000)]
    public int ServiceBurst { get; set; } = 10_000;
}
