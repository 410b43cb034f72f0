using System.ComponentModel.DataAnnotations;
using System.Text;

namespace RealtimeSuite.Authentication;

/// <summary>
/// How tokens are signed and checked. Section <c>Jwt</c>; <c>JWT_SECRET_KEY</c> and <c>JWT_ALGORITHM</c> win (source: seed 002), and
/// the authority comes from <c>Auth:Authority</c>. There must be a secret, an authority, or both.
/// </summary>
public sealed class JwtOptions : IValidatableObject
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Jwt";

    private const int MinimumSecretBytes = 32;

    /// <summary>Shared secret for HMAC signatures, at least 32 bytes of UTF-8. There is no default; without one, no tokens are issued here.</summary>
    public string SecretKey { get; set; } = "";

    /// <summary>The former secret, still accepted while a rotation is under way. Never signs.</summary>
    public string? PreviousSecretKey { get; set; }

    /// <summary>The one algorithm accepted with the secret: <c>HS256</c> (default), <c>HS384</c> or <c>HS512</c>.</summary>
    public string Algorithm { get; set; } = "HS256";

    /// <summary>
    /// Address of an OIDC authority whose tokens are accepted too, signed with RS256 or ES256; its metadata stands under
    /// <c>/.well-known/openid-configuration</c>. Outside Development an HTTPS address, or a loopback one.
    /// </summary>
    public string? Authority { get; set; }

    /// <summary>How often the authority's keys are read again. A key that it withdraws is accepted for at most so long. Default 10 minutes.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00")]
    public TimeSpan KeyRefresh { get; set; } = TimeSpan.FromMinutes(10);

    /// <summary>The least time between two reads, however many tokens name an unknown key. Default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00.100", "00:05:00")]
    public TimeSpan KeyRefreshPause { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Value of <c>iss</c> in tokens of the secret; checked when set. A token of the authority always has the authority's own.</summary>
    public string? Issuer { get; set; }

    /// <summary>Value of <c>aud</c>; checked when set, whoever signed.</summary>
    public string? Audience { get; set; }

    /// <summary>How long an issued token is valid. Default one hour.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "1.00:00:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Tolerance for clocks that differ. Default 5 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:00", "00:05:00")]
    public TimeSpan ClockSkew { get; set; } = TimeSpan.FromSeconds(5);

    internal bool HasSecret => SecretKey is { Length: > 0 };

    internal bool HasAuthority => Authority is { Length: > 0 };

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (HasSecret ? !IsLongEnough(SecretKey) : !HasAuthority)
        {
            yield return new ValidationResult(
                $"JWT_SECRET_KEY (Jwt:SecretKey) must be set to a secret of at least {MinimumSecretBytes} bytes,"
                    + " or left empty with Auth:Authority set to an OIDC authority."
            );
        }

        if (PreviousSecretKey is { Length: > 0 } && !IsLongEnough(PreviousSecretKey))
        {
            yield return new ValidationResult(
                $"Jwt:PreviousSecretKey must be empty or a secret of at least {MinimumSecretBytes} bytes."
            );
        }

        if (Algorithm is not ("HS256" or "HS384" or "HS512"))
        {
            yield return new ValidationResult("JWT_ALGORITHM (Jwt:Algorithm) must be HS256, HS384 or HS512.");
        }

        if (HasAuthority && !IsAddress(Authority))
        {
            yield return new ValidationResult(
                "Auth:Authority must be an http or https address without query and user."
            );
        }
    }

    private static bool IsLongEnough(string secret) => Encoding.UTF8.GetByteCount(secret) >= MinimumSecretBytes;

    private static bool IsAddress(string? text) =>
        Uri.TryCreate(text, UriKind.Absolute, out var address)
        && address.Scheme is "http" or "https"
        && address is { Query: "", Fragment: "", UserInfo: "" };
}
