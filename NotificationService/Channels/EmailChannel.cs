using System.Net;
using System.Net.Mail;
using System.Net.Mime;
using System.Text;
using Microsoft.Extensions.Options;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Notifications.Channels;

/// <summary>Email by SMTP, as plain text: one message a notification.</summary>
internal sealed class EmailChannel(IOptions<EmailOptions> options) : INotificationChannel
{
    private readonly EmailOptions _options = options.Value;

    /// <inheritdoc/>
    public string Name => "email";

    /// <inheritdoc/>
    public bool Reaches(Audience audience) => AddressOf(audience) is not null;

    /// <inheritdoc/>
    public async Task SendAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        if (!Audience.TryParse(delivery.Audience, out var audience) || AddressOf(audience) is not { } address)
        {
            throw new UndeliverableException($"There is no address for {delivery.Audience} any more.");
        }

        using var message = new MailMessage(new MailAddress(_options.From!), address)
        {
            Subject = OneLine(delivery.Notification.Title),
            SubjectEncoding = Encoding.UTF8,
            Body = delivery.Notification.Message,
            BodyEncoding = Encoding.UTF8,
            BodyTransferEncoding = TransferEncoding.QuotedPrintable,
        };

        // The same at every attempt: a mailbox that knows it already can tell.
        message.Headers.Add("Message-ID", $"<{delivery.Notification.Id}@{message.From!.Host}>");
        using var client = new SmtpClient(_options.Host, _options.Port) { EnableSsl = _options.StartTls };
        if (_options.UserName is not null)
        {
            client.Credentials = new NetworkCredential(_options.UserName, _options.Password);
        }

        try
        {
            await client.SendMailAsync(message, cancellationToken);
        }
        catch (SmtpException exception) when (IsPermanent(exception.StatusCode))
        {
            throw new UndeliverableException(exception.Message, exception);
        }
    }

    /// <summary>Whether the mailbox or the message is the cause. A wrong password or a server in trouble is mended without a new message.</summary>
    private static bool IsPermanent(SmtpStatusCode code) =>
        code
            is SmtpStatusCode.MailboxUnavailable
                or SmtpStatusCode.UserNotLocalTryAlternatePath
                or SmtpStatusCode.ExceededStorageAllocation
                or SmtpStatusCode.MailboxNameNotAllowed
                or SmtpStatusCode.TransactionFailed;

    private MailAddress? AddressOf(Audience audience)
    {
        var text = audience.Kind switch
        {
            AudienceKind.User when audience.Id.Contains('@', StringComparison.Ordinal) => audience.Id,
            AudienceKind.User when _options.Domain is not null => $"{audience.Id}@{_options.Domain}",
            AudienceKind.Role => _options.Roles.GetValueOrDefault(audience.Id),
            AudienceKind.Topic when audience == Audience.Everyone => _options.Everyone,
            _ => null,
        };
        return MailAddress.TryCreate(text, out var address) ? address : null;
    }

    private static string OneLine(string text) => string.Concat(text.Select(c => char.IsControl(c) ? ' ' : c));
}
