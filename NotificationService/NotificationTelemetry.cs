using System.Diagnostics;
using System.Diagnostics.Metrics;
using RealtimeSuite.Contracts;
using RealtimeSuite.Notifications.Channels;
using RealtimeSuite.Notifications.Store;
using RealtimeSuite.Telemetry;

namespace RealtimeSuite.Notifications;

/// <summary>The service's activity source and metrics. Tags: audience (user, role, everyone), outcome, channel; all bounded.</summary>
internal sealed class NotificationTelemetry
{
    private const string Name = TelemetrySetup.Prefix + "Notifications";

    public static readonly ActivitySource Source = new(Name);

    private readonly Counter<long> _notifications;
    private readonly Counter<long> _changes;
    private readonly Counter<long> _deliveries;
    private readonly Counter<long> _dropped;

    public NotificationTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _notifications = meter.CreateCounter<long>(
            "realtime_notifications_total",
            "{notification}",
            "Notifications by audience and outcome: created, duplicate or muted."
        );
        _changes = meter.CreateCounter<long>(
            "realtime_notifications_changed_total",
            "{notification}",
            "Notifications that users have read or removed."
        );
        _deliveries = meter.CreateCounter<long>(
            "realtime_notifications_deliveries_total",
            "{delivery}",
            "Attempts to deliver over a channel, by outcome: sent, failed or dead."
        );
        _dropped = meter.CreateCounter<long>(
            "realtime_notifications_deliveries_dropped_total",
            "{delivery}",
            "Deliveries left out as the queue of a channel was full."
        );
    }

    public void Added(Audience to, AddOutcome outcome) =>
        _notifications.Add(
            1,
            new("audience", to == Audience.Everyone ? "everyone" : to.Kind.ToString().ToLowerInvariant()),
            new("outcome", outcome.ToString().ToLowerInvariant())
        );

    public void Changed(int count) => _changes.Add(count);

    public void Delivered(string channel, DeliveryOutcome outcome, int count = 1) =>
        _deliveries.Add(count, new("channel", channel), new("outcome", outcome.ToString().ToLowerInvariant()));

    /// <summary>Makes a channel's dead deliveries appear before there is one, so that the first is seen as a rise.</summary>
    public void StartAtZero(string channel) => Delivered(channel, DeliveryOutcome.Dead, count: 0);

    public void Dropped(int count) => _dropped.Add(count);
}
