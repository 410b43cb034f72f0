using System.Diagnostics;
using RealtimeSuite.Gateway.Dialects;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Gateway.Hub;

/// <summary>
/// The last step of an event before the queues, whichever way it came: recognised if it was here already, encoded once, queued on every
/// connection of its channel. Never waits; per channel it must be called in order.
/// </summary>
internal sealed class EventDelivery(
    ChannelHub hub,
    SlowPolicies policies,
    RecentEvents recent,
    GatewayTelemetry telemetry,
    Replica replica,
    TimeProvider clock
)
{
    /// <summary>Gives the event to the connections of its channel.</summary>
    public void Deliver(ChannelEvent channelEvent)
    {
        if (!hub.Has(channelEvent.Channel))
        {
            telemetry.Ledger.NobodyListens();
        }
        else if (recent.TryAdd(channelEvent.Channel, channelEvent.Event.Id))
        {
            Publish(channelEvent, isBacklog: false);
        }
        else
        {
            telemetry.CameAgain();
        }
    }

    /// <summary>
    /// Gives an event that was delivered here without a number, and now has one, to those connections that came since and asked for
    /// everything behind their positions.
    /// </summary>
    public void DeliverBacklog(ChannelEvent channelEvent) => Publish(channelEvent, isBacklog: true);

    /// <summary>The event's frame for a connection that resumes.</summary>
    public (Frame Frame, Topics Topics) Replay(ChannelEvent channelEvent)
    {
        var dialect = DialectSet.For(channelEvent.Event);
        var slow = policies.For(dialect, channelEvent.Event);
        return (
            DialectSet.Encode(dialect, channelEvent, slow, FrameKind.Replay, clock.GetUtcNow()),
            dialect.TopicsOf(channelEvent.Event)
        );
    }

    private void Publish(ChannelEvent channelEvent, bool isBacklog)
    {
        using var span = GatewayTelemetry.Source.StartActivity("fan-out", ActivityKind.Consumer, channelEvent.Cause);
        var dialect = DialectSet.For(channelEvent.Event);
        var slow = policies.For(dialect, channelEvent.Event);
        var frame = DialectSet.Encode(dialect, channelEvent, slow, FrameKind.Event, clock.GetUtcNow());
        var fanOut = hub.Publish(channelEvent.Channel, frame, dialect.TopicsOf(channelEvent.Event), isBacklog);
        telemetry.FannedOut(fanOut, isBacklog);
        if (!isBacklog)
        {
            telemetry.Deliveries.FannedOut(channelEvent, frame.Payload.Length, fanOut, clock.GetUtcNow());
        }

        span?.SetTag("realtime.channel", channelEvent.Channel);
        span?.SetTag("realtime.offset", channelEvent.Offset);
        span?.SetTag("realtime.connections", fanOut.Queued);
        span?.SetTag("realtime.conflated", fanOut.Conflated);
        span?.SetTag("realtime.refused", fanOut.Refused);
        span?.SetTag("realtime.replica", replica.Id);
        span?.SetTag("cloudevents.event_id", channelEvent.Event.Id);
    }
}
