using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Gateway.Dialects;

/// <summary><c>{"type":"notification","action":"created"|"updated","data":{…}}</c> (source: seed 004).</summary>
internal sealed class NotificationDialect : Dialect
{
    public override bool Understands(CloudEvent cloudEvent) =>
        cloudEvent.Type is NotificationEventTypes.Created or NotificationEventTypes.Updated;

    public override Topics TopicsOf(CloudEvent cloudEvent) => Topics.Notifications;

    public override void Write(Utf8JsonWriter json, ChannelEvent channelEvent, DateTimeOffset now)
    {
        json.WriteString("type"u8, FrameTypes.Notification);
        json.WriteString(
            "action"u8,
            channelEvent.Event.Type == NotificationEventTypes.Created ? "created"u8 : "updated"u8
        );
        json.WritePropertyName("data"u8);
        WriteData(json, channelEvent.Event.Data);
    }
}
