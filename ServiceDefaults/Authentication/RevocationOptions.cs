using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Authentication;

/// <summary>Revocation of tokens. Section <c>Revocations</c>.</summary>
public sealed class RevocationOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Revocations";

    /// <summary>
    /// How long a revocation is remembered; at least as long as any token lives, those of an authority included. Default 25 hours, which
    /// is more than <see cref="JwtOptions.Lifetime"/> and <see cref="JwtOptions.ClockSkew"/> can be together.
    /// </summary>
    [Range(
        typeof(TimeSpan),
        "1.00:05:00",
        "366.00:00:00",
        ErrorMessage = "Revocations:Retention must be from {1} to {2}."
    )]
    public TimeSpan Retention { get; set; } = TimeSpan.FromHours(25);

    /// <summary>How often a service looks for revocations whose announcement it has missed. Default 2 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:01:00")]
    public TimeSpan CheckInterval { get; set; } = TimeSpan.FromSeconds(2);
}
