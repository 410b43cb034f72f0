using System.Diagnostics;
using System.Diagnostics.Metrics;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Telemetry;

namespace RealtimeSuite.Gateway;

/// <summary>The gateway's activity source and metrics. The names with <c>websocket_</c> are those of seed 002. No tag is unbounded.</summary>
internal sealed class GatewayTelemetry
{
    private const string Name = TelemetrySetup.Prefix + "Gateway";

    public static readonly ActivitySource Source = new(Name);

    private readonly Counter<long> _connections;
    private readonly UpDownCounter<long> _active;
    private readonly Counter<long> _sent;
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
        _sent = meter.CreateCounter<long>(
            "websocket_messages_sent_total",
            "{message}",
            "Messages handed to connections."
        );
        _duration = meter.CreateHistogram<double>(
            "websocket_connection_duration_seconds",
            "s",
            "How long connections lasted."
        );
        _events = meter.CreateCounter<long>(
            "realtime_events_total",
            "{event}",
            "Events from Kafka by outcome: published or duplicate."
        );
    }

    public void Opened()
    {
        _connections.Add(1, new KeyValuePair<string, object?>("status", "accepted"));
        _active.Add(1);
    }

    public void Closed(DisconnectReason reason, TimeSpan lasted)
    {
        _connections.Add(1, new KeyValuePair<string, object?>("status", reason.Tag()));
        _active.Add(-1);
        _duration.Record(lasted.TotalSeconds);
    }

    public void Refused(DisconnectReason reason) =>
        _connections.Add(1, new KeyValuePair<string, object?>("status", reason.Tag()));

    public void Sent(int messages) => _sent.Add(messages);

    public void Published(int events, int duplicates)
    {
        _events.Add(events, new KeyValuePair<string, object?>("outcome", "published"));
        if (duplicates > 0)
        {
            _events.Add(duplicates, new KeyValuePair<string, object?>("outcome", "duplicate"));
        }
    }
}
