using System.Collections.Immutable;

namespace RealtimeSuite.Web.Operations.Events;

/// <summary>An event on one channel, as far as its steps are known. The feed adds steps; pages read.</summary>
public sealed class TailEvent(TailStep first, DateTimeOffset now)
{
    private ImmutableArray<Delivery> _deliveries = [];

    /// <summary>What makes it one: the same id may come on several channels.</summary>
    public (string Channel, string Id) Key { get; } = (first.Channel, first.Id);

    /// <summary>When Web heard of it first.</summary>
    public DateTimeOffset SeenAt { get; } = now;

    /// <summary>When the first step that Web heard of was done.</summary>
    public DateTimeOffset At { get; } = first.At;

    public string Id { get; } = first.Id;

    public string Type { get; } = first.Type;

    public string Source { get; } = first.Source;

    public string Channel { get; } = first.Channel;

    /// <summary>When it happened, as its producer says.</summary>
    public DateTimeOffset? Time { get; } = first.Time;

    public KafkaPlace? Kafka { get; } = first.Kafka;

    public string? TraceId { get; } = first.TraceId;

    /// <summary>Its number on the channel; null while it came without one.</summary>
    public long? Offset { get; private set; } = first.Offset;

    /// <summary>Size of its frame; null before a delivery.</summary>
    public int? Bytes { get; private set; }

    /// <summary>Who numbered it, and when; null while that is not known.</summary>
    public (string Replica, DateTimeOffset At)? Numbered { get; private set; }

    /// <summary>The replicas that gave it to sockets, in the order in which that became known.</summary>
    public ImmutableArray<Delivery> Deliveries => _deliveries;

    /// <summary>On how many sockets it was put.</summary>
    public int Sockets => _deliveries.Sum(delivery => delivery.Sockets);

    /// <summary>How many sockets it did not reach.</summary>
    public int Missed => _deliveries.Sum(delivery => delivery.Missed);

    /// <summary>Milliseconds from its time to the last of its deliveries so far.</summary>
    public double? Took =>
        Time is { } time && !_deliveries.IsEmpty
            ? Math.Max(0, (_deliveries.Max(delivery => delivery.At) - time).TotalMilliseconds)
            : null;

    /// <summary>Learns a step.</summary>
    public void Add(string replica, TailStep step)
    {
        Offset ??= step.Offset;
        if (step.Step == "delivered")
        {
            Bytes ??= step.Bytes;
            _deliveries = _deliveries.Add(new Delivery(replica, step.At, step.Sockets ?? 0, step.Missed ?? 0));
        }
        else
        {
            Numbered = (replica, step.At);
        }
    }

    /// <summary>Whether a text of it holds what is searched for.</summary>
    public bool Mentions(string text) =>
        Type.Contains(text, StringComparison.OrdinalIgnoreCase)
        || Channel.Contains(text, StringComparison.OrdinalIgnoreCase)
        || Source.Contains(text, StringComparison.OrdinalIgnoreCase)
        || Id.Contains(text, StringComparison.OrdinalIgnoreCase)
        || TraceId?.Contains(text, StringComparison.OrdinalIgnoreCase) == true;
}

/// <summary>What a replica did with an event.</summary>
/// <param name="Replica">The replica.</param>
/// <param name="At">When.</param>
/// <param name="Sockets">Sockets on whose queues it was put.</param>
/// <param name="Missed">Sockets that it did not reach.</param>
public sealed record Delivery(string Replica, DateTimeOffset At, int Sockets, int Missed);
