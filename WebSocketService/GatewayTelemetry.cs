using System.Diagnostics;
using System.Diagnostics.Metrics;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Telemetry;

namespace RealtimeSuite.Gateway;

/// <summary>The gateway's activity source and metrics. The names with <c>websocket_</c> are those of seed 002. No tag is unbounded.</summary>
internal sealed class GatewayTelemetry
{
    private const string Name = TelemetrySetup.Prefix + "Gateway";

    public static readonly ActivitySource Source = new(Name);

    private readonly Counter<long> _connections;
    private readonly UpDownCounter<long> _active;
    private readonly UpDownCounter<long> _activeAdmins;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _dropped;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _events;

    public GatewayTelemetry(IMeterFactory meters)
    {
        var meter = meters.Create(Name);
        _connections = meter.CreateCounter<long>(
            "websocket_connections_total",
            "{connection}",
            "Connections by how they began or ended."
        );
        _active = meter.CreateUpDownCounter<long>("websocket_active_connections", "{connection}", "Open connections.");
        _activeAdmins = meter.CreateUpDownCounter<long>(
            "lms_websocket_connections_active",
            "{connection}",
            "Open connections of /ws/admin."
        );
        _sent = meter.CreateCounter<long>(
            "websocket_messages_sent_total",
            "{message}",
            "Messages handed to connections."
        );
        _dropped = meter.CreateCounter<long>(
            "realtime_messages_dropped_total",
            "{message}",
            "Messages left out at slow connections, by reason."
        );
        _duration = meter.CreateHistogram<double>(
            "websocket_connection_duration_seconds",
            "s",
            "How long connections lasted."
        );
        _events = meter.CreateCounter<long>(
            "realtime_events_total",
            "{event}",
            "Events taken in, by outcome: published or duplicate."
        );
    }

    public void Opened(Surface surface)
    {
        _connections.Add(1, Tag("status", "accepted"));
        _active.Add(1);
        if (surface == Surface.Admin)
        {
            _activeAdmins.Add(1);
        }
    }

    public void Closed(Surface surface, DisconnectReason reason, TimeSpan lasted)
    {
        _connections.Add(1, Tag("status", reason.Tag()));
        _active.Add(-1);
        if (surface == Surface.Admin)
        {
            _activeAdmins.Add(-1);
        }

        _duration.Record(lasted.TotalSeconds);
    }

    public void Refused(DisconnectReason reason) => _connections.Add(1, Tag("status", reason.Tag()));

    public void FannedOut(in FanOut fanOut)
    {
        _sent.Add(fanOut.Queued);
        Dropped("conflated", fanOut.Conflated);
        Dropped("oldest", fanOut.DroppedOldest);
        Dropped("slow_consumer", fanOut.Refused);
    }

    public void Published(int events, int duplicates)
    {
        _events.Add(events, Tag("outcome", "published"));
        if (duplicates > 0)
        {
            _events.Add(duplicates, Tag("outcome", "duplicate"));
        }
    }

    private void Dropped(string reason, int messages)
    {
        if (messages > 0)
        {
            _dropped.Add(messages, Tag("reason", reason));
        }
    }

    private static KeyValuePair<string, object?> Tag(string name, string value) => new(name, value);
}
