using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Gateway.Dialects;

/// <summary>Events of no seed's kind: <c>{"type","topic"?,"data","timestamp"}</c>.</summary>
internal sealed class PublishedDialect : Dialect
{
    public override bool Understands(CloudEvent cloudEvent) => true;

    public override Topics TopicsOf(CloudEvent cloudEvent) => Topics.Untitled;

    public override void Write(Utf8JsonWriter json, ChannelEvent channelEvent, DateTimeOffset now)
    {
        var cloudEvent = channelEvent.Event;
        json.WriteString("type"u8, cloudEvent.Type);
        if (Audience.TryParse(cloudEvent.Audience, out var audience) && audience.Kind == AudienceKind.Topic)
        {
            json.WriteString("topic"u8, audience.Id);
        }

        json.WritePropertyName("data"u8);
        WriteData(json, cloudEvent.Data);
        json.WriteString("timestamp"u8, Timestamp(cloudEvent, now));
    }
}
