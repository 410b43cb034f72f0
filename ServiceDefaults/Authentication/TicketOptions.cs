using System.ComponentModel.DataAnnotations;

namespace RealtimeSuite.Authentication;

/// <summary>Tickets for socket addresses. Section <c>Tickets</c>.</summary>
public sealed class TicketOptions
{
    /// <summary>Configuration section.</summary>
    public const string Section = "Tickets";

    /// <summary>How long a ticket can be redeemed. Default 30 seconds.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "00:05:00")]
    public TimeSpan Lifetime { get; set; } = TimeSpan.FromSeconds(30);
}
