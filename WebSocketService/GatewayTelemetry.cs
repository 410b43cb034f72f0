using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.Options;
using RealtimeSuite.Gateway.Connections;
using RealtimeSuite.Gateway.Continuity;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Operations.Live;
using RealtimeSuite.Telemetry;

namespace RealtimeSuite.Gateway;

/// <summary>The gateway's activity source and metrics. The names with <c>websocket_</c> are those of seed 002. No tag is unbounded, unless <c>WEBSOCKET_METRICS_PER_USER</c> asks for it.</summary>
internal sealed class GatewayTelemetry
{
    /// <summary>The meter.</summary>
    public const string Name = TelemetrySetup.Prefix + "Gateway";

    /// <summary>A page of another origin.</summary>
    public const string RefusedOrigin = "origin";

    /// <summary>Too many handshakes of an address.</summary>
    public const string RefusedRate = "rate";

    private const string Conflated = "conflated";
    private const string Oldest = "oldest";
    private const string SlowConsumer = "slow_consumer";

    public static readonly ActivitySource Source = new(Name);

    private static readonly DisconnectReason[] Refusals =
    [
        DisconnectReason.MalformedId,
        DisconnectReason.Unauthenticated,
        DisconnectReason.Forbidden,
        DisconnectReason.NotFound,
        DisconnectReason.TooManyForUser,
        DisconnectReason.TooManyForAddress,
        DisconnectReason.ServerFull,
        DisconnectReason.Unavailable,
        DisconnectReason.Restarting,
    ];

    private readonly bool _perUser;
    private readonly Counter<long> _connections;
    private readonly UpDownCounter<long> _active;
    private readonly UpDownCounter<long> _activeAdmins;
    private readonly Counter<long> _sent;
    private readonly Counter<long> _refused;
    private readonly Counter<long> _dropped;
    private readonly Histogram<double> _duration;
    private readonly Counter<long> _events;
    private readonly Counter<long> _repeated;
    private readonly Counter<long> _gaps;
    private readonly Counter<long> _resumed;
    private readonly Counter<long> _replayed;

    public GatewayTelemetry(IMeterFactory meters, IOptions<GatewayOptions> options, Ledger ledger)
    {
        Ledger = ledger;
        _perUser = options.Value.MetricsPerUser;
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
        _refused = meter.CreateCounter<long>(
            "realtime_handshakes_refused_total",
            "{handshake}",
            "Connections that were refused, by reason: those of closed connections, and origin and rate."
        );
        _dropped = meter.CreateCounter<long>(
            "realtime_messages_dropped_total",
            "{message}",
            "Messages left out at slow connections, by reason."
        );
        _duration = meter.CreateHistogram(
            "websocket_connection_duration_seconds",
            "s",
            "How long connections lasted.",
            tags: null,
            new InstrumentAdvice<double> { HistogramBucketBoundaries = [1, 5, 15, 60, 300, 900, 3600, 14400, 86400] }
        );
        _events = meter.CreateCounter<long>(
            "realtime_events_total",
            "{event}",
            "Events taken in, by outcome: published or duplicate."
        );
        _repeated = meter.CreateCounter<long>(
            "realtime_events_repeated_total",
            "{event}",
            "Events that came to this replica again and were recognised."
        );
        _gaps = meter.CreateCounter<long>(
            "realtime_gaps_total",
            "{gap}",
            "Holes in a channel's numbers as they came from Redis, by outcome: repaired or told."
        );
        _resumed = meter.CreateCounter<long>(
            "realtime_resumes_total",
            "{channel}",
            "Channels that clients resumed, by outcome: recovered, lost, or baseline for those without a position."
        );
        _replayed = meter.CreateCounter<long>(
            "realtime_events_replayed_total",
            "{event}",
            "Events sent again from the history."
        );
        LedgerMetrics.Register(meter, ledger);
        Deliveries = new DeliveryWatch(meter);
    }

    /// <summary>What became of every copy of an event.</summary>
    public Ledger Ledger { get; }

    /// <summary>What operators see of the events that pass.</summary>
    public DeliveryWatch Deliveries { get; }

    /// <summary>Makes the instruments that dashboards and alerts ask for appear before their first use, so that they show zero and not nothing, and that the first rise is one.</summary>
    public void StartAtZero()
    {
        _connections.Add(0, Tag("status", "accepted"));
        _active.Add(0);
        _activeAdmins.Add(0);
        _sent.Add(0);
        _repeated.Add(0);
        foreach (var reason in new[] { Conflated, Oldest, SlowConsumer })
        {
            _dropped.Add(0, Tag("reason", reason));
        }

        foreach (var reason in Refusals)
        {
            _refused.Add(0, Tag("reason", reason.Tag()));
        }

        _refused.Add(0, Tag("reason", RefusedOrigin));
        _refused.Add(0, Tag("reason", RefusedRate));
    }

    public void Opened(Surface surface, string userId)
    {
        _connections.Add(1, Tag("status", "accepted"));
        Active(1, userId);
        if (surface == Surface.Admin)
        {
            _activeAdmins.Add(1);
        }
    }

    public void Closed(Surface surface, string userId, DisconnectReason reason, TimeSpan lasted)
    {
        _connections.Add(1, Tag("status", reason.Tag()));
        Active(-1, userId);
        if (surface == Surface.Admin)
        {
            _activeAdmins.Add(-1);
        }

        _duration.Record(lasted.TotalSeconds);
    }

    /// <summary>A handshake was answered with a refusal and is told in the connections too.</summary>
    public void Refused(DisconnectReason reason)
    {
        _connections.Add(1, Tag("status", reason.Tag()));
        Refused(reason.Tag());
    }

    /// <summary>A handshake was refused before anything was known of it: <see cref="RefusedOrigin"/> or <see cref="RefusedRate"/>.</summary>
    public void Refused(string reason) => _refused.Add(1, Tag("reason", reason));

    public void FannedOut(in FanOut fanOut, bool isBacklog = false)
    {
        if (!isBacklog || fanOut.Offered > 0)
        {
            Ledger.Offered(fanOut.Offered, fanOut.Refused, fanOut.Ended, fanOut.Recovered);
        }

        _sent.Add(fanOut.Queued);
        Dropped(Conflated, fanOut.Conflated);
        Dropped(Oldest, fanOut.DroppedOldest);
        Dropped(SlowConsumer, fanOut.Refused);
    }

    public void CameAgain() => _repeated.Add(1);

    public void FoundGap(bool isRepaired) => _gaps.Add(1, Tag("outcome", isRepaired ? "repaired" : "told"));

    public void Resumed(string outcome, int replayed)
    {
        _resumed.Add(1, Tag("outcome", outcome));
        _replayed.Add(replayed);
    }

    public void Published(int events, int duplicates)
    {
        _events.Add(events, Tag("outcome", "published"));
        if (duplicates > 0)
        {
            _events.Add(duplicates, Tag("outcome", "duplicate"));
        }
    }

    private void Active(int change, string userId)
    {
        if (_perUser)
        {
            _active.Add(change, Tag("user_id", userId));
        }
        else
        {
            _active.Add(change);
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
