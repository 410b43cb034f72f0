using RealtimeSuite.Contracts;

namespace RealtimeSuite.Notifications.Channels;

/// <summary>A way out of the suite for notifications, besides the sockets. Deliveries are at least once, in no particular order.</summary>
internal interface INotificationChannel
{
    /// <summary>The name, in keys and metrics.</summary>
    string Name { get; }

    /// <summary>Whether the channel has somewhere to go for this audience.</summary>
    bool Reaches(Audience audience);

    /// <summary>Delivers it.</summary>
    /// <exception cref="UndeliverableException">It can never be delivered.</exception>
    /// <remarks>Any other exception is tried again later.</remarks>
    Task SendAsync(Delivery delivery, CancellationToken cancellationToken);
}

/// <summary>The other side refuses for good.</summary>
internal sealed class UndeliverableException(string reason, Exception? inner = null) : Exception(reason, inner);
