using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Gateway.Dialects;

/// <summary><c>{"type":"task_update","event":{…},"timestamp"}</c> (source: seed 001).</summary>
internal sealed class TaskDialect : Dialect
{
    public override bool Understands(CloudEvent cloudEvent) =>
        cloudEvent.Type.StartsWith("task.", StringComparison.Ordinal);

    public override Topics TopicsOf(CloudEvent cloudEvent) => Topics.Tasks;

    public override void Write(Utf8JsonWriter json, ChannelEvent channelEvent, DateTimeOffset now)
    {
        json.WriteString("type"u8, FrameTypes.TaskUpdate);
        json.WritePropertyName("event"u8);
        WriteData(json, channelEvent.Event.Data);
        json.WriteString("timestamp"u8, Timestamp(channelEvent.Event, now));
    }
}
