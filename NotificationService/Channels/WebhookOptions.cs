using System.Buffers.Text;
using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Notifications.Channels;

/// <summary>Notifications posted to another system. Section <c>Notifications:Webhook</c>. Off unless <see cref="Url"/> is set.</summary>
public sealed class WebhookOptions : IValidatableObject
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Notifications:Webhook";

    private const string SecretPrefix = "whsec_";
    private const int MinKeyBytes = 24;

    /// <summary>Where they are posted to.</summary>
    public Uri? Url { get; set; }

    /// <summary>The key of the signatures: <c>whsec_</c> and at least 24 bytes in base64.</summary>
    public string? Secret { get; set; }

    internal byte[] Key => Convert.FromBase64String(Secret![SecretPrefix.Length..]);

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Url is null)
        {
            yield break;
        }

        if (!Url.IsAbsoluteUri || (Url.Scheme != Uri.UriSchemeHttps && Url.Scheme != Uri.UriSchemeHttp))
        {
            yield return new ValidationResult($"{Section}:Url must be an http or https address.");
        }

        if (
            Secret?.StartsWith(SecretPrefix, StringComparison.Ordinal) != true
            || !Base64.IsValid(Secret.AsSpan(SecretPrefix.Length), out var length)
            || length < MinKeyBytes
        )
        {
            yield return new ValidationResult(
                $"{Section}:Secret must be {SecretPrefix} and at least {MinKeyBytes} bytes in base64, as {Section}:Url is set."
            );
        }
    }
}
