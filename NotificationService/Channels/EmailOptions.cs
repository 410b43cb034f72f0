using System.ComponentModel.DataAnnotations;
using System.Net.Mail;

namespace RealtimeSuite.Notifications.Channels;

/// <summary>Email by SMTP. Section <c>Notifications:Email</c>. Off unless <see cref="Host"/> is set.</summary>
public sealed class EmailOptions : IValidatableObject
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Notifications:Email";

    /// <summary>The SMTP server.</summary>
    public string? Host { get; set; }

    /// <summary>Its port. Default 25.</summary>
    [Range(1, 65535)]
    public int Port { get; set; } = 25;

    /// <summary>Whether the connection is encrypted by STARTTLS. Default true.</summary>
    public bool StartTls { get; set; } = true;

    /// <summary>The user name there, when it asks for one.</summary>
    public string? UserName { get; set; }

    /// <summary>The password there.</summary>
    public string? Password { get; set; }

    /// <summary>The sender's address.</summary>
    public string? From { get; set; }

    /// <summary>Makes addresses of user ids: <c>{user_id}@{Domain}</c>. Without it, only user ids that are addresses get mail.</summary>
    public string? Domain { get; set; }

    /// <summary>The mailbox of a role, for what is sent to it.</summary>
    public Dictionary<string, string> Roles { get; set; } = new(StringComparer.Ordinal);

    /// <summary>The mailbox for what is sent to everyone.</summary>
    public string? Everyone { get; set; }

    /// <inheritdoc/>
    public IEnumerable<ValidationResult> Validate(ValidationContext validationContext)
    {
        if (Host is not null && !MailAddress.TryCreate(From, out _))
        {
            yield return new ValidationResult($"{Section}:From must be an address, as {Section}:Host is set.");
        }
    }
}
