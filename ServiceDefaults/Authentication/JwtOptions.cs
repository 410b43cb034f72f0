using System.ComponentModel.DataAnnotations;
using System.Text;

namespace RealtimeSuite.Authentication;

/// <summary>How tokens are signed and checked. Section <c>Jwt</c>; <c>JWT_SECRET_KEY</c> and <c>JWT_ALGORITHM</c> win (source: seed 002).</summary>
public sealed class JwtOptions : IValidatableObject
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Jwt";

    private const int MinimumSecretBytes = 32;

    /// <summary>Shared secret for HMAC signatures, at least 32 bytes of UTF-8. There is no default.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>The former secret, still accepted while a rotation is under way. Never signs.</summary>
    public string? PreviousSecretKey { get; set; }

    /// <summary>The one accepted signature algorithm: <c>HS256</c> (default), <c>HS384</c> or <c>HS512</c>.</summary>
    public string Algorithm { get; set; } = "HS256";

    /// <summary>Value of <c>iss</c>; checked when set.</summary>
    public string? Issuer { get; set; }

    /// <summary>Value of <c>aud</c>; checked when set.</summary>
    public string? Audience { get; set; }

    /// <summary>How long an issued token is valid. Default one hour.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Tolerance for clocks that differ. Default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(5);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Encoding.UTF8.GetByteCount(SecretKey) < MinimumSecretBytes)
        {
            yield return new ValidationResult(
                $"JWT_SECRET_KEY (Jwt:SecretKey) must be set to a secret of at least {MinimumSecretBytes} bytes."
            );
        }

        if (PreviousSecretKey is { Length: > 0 } && Encoding.UTF8.GetByteCount(PreviousSecretKey) < MinimumSecretBytes)
        {
            yield return new ValidationResult(
                $"Jwt:PreviousSecretKey must be empty or a secret of at least {MinimumSecretBytes} bytes."
            );
        }

        if (Algorithm is not ("HS256" or "HS384" or "HS512"))
        {
            yield return new ValidationResult("JWT_ALGORITHM (Jwt:Algorithm) must be HS256, HS384 or HS512.");
        }
    }
}
