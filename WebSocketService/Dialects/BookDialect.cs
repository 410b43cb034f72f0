using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Gateway.Dialects;

/// <summary>Flat, with the key <c>event</c> instead of <c>type</c>: <c>{"event":"book_update","book_id":1,…}</c> (source: seed 000).</summary>
internal sealed class BookDialect : Dialect
{
    public override bool Understands(CloudEvent cloudEvent) =>
        cloudEvent.Type == FrameTypes.BookUpdate && cloudEvent.Data.ValueKind == JsonValueKind.Object;

    public override Topics TopicsOf(CloudEvent cloudEvent) => Topics.Books;

    public override void Write(Utf8JsonWriter json, ChannelEvent channelEvent, DateTimeOffset now)
    {
        json.WriteString("event"u8, FrameTypes.BookUpdate);
        foreach (var field in channelEvent.Event.Data.EnumerateObject())
        {
            if (!field.NameEquals("event"u8) && !field.NameEquals("meta"u8))
            {
                field.WriteTo(json);
            }
        }
    }
}
