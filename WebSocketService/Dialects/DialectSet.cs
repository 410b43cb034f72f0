using System.Buffers;
using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Intake;

namespace RealtimeSuite.Gateway.Dialects;

/// <summary>All dialects, and the one place where the bytes of an event's frame are made. The first that understands an event speaks.</summary>
internal static class DialectSet
{
    private static readonly Dialect[] Dialects =
    [
        new TaskDialect(),
        new NotificationDialect(),
        new BookDialect(),
        new ShopDialect(),
        new PublishedDialect(),
    ];

    /// <summary>The dialect of an event.</summary>
    public static Dialect For(CloudEvent cloudEvent)
    {
        foreach (var dialect in Dialects)
        {
            if (dialect.Understands(cloudEvent))
            {
                return dialect;
            }
        }

        throw new InvalidOperationException("The last dialect understands everything.");
    }

    /// <summary>The frame of an event, with its <c>meta</c>.</summary>
    public static Frame Encode(
        Dialect dialect,
        ChannelEvent channelEvent,
        (SlowPolicy Policy, string? Key) slow,
        FrameKind kind,
        DateTimeOffset now
    )
    {
        var bytes = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(bytes, ServerFrames.Json))
        {
            json.WriteStartObject();
            dialect.Write(json, channelEvent, now);
            json.WriteStartObject("meta"u8);
            json.WriteString("id"u8, channelEvent.Event.Id);
            json.WriteString("channel"u8, channelEvent.Channel);
            if (channelEvent.IsNumbered)
            {
                json.WriteNumber("offset"u8, channelEvent.Offset);
                json.WriteString("epoch"u8, channelEvent.Epoch);
            }

            json.WriteEndObject();
            json.WriteEndObject();
        }

        return new Frame(bytes.WrittenSpan, slow.Policy, slow.Key)
        {
            Kind = kind,
            Mark = new EventMark(channelEvent.Channel, channelEvent.Event.Id, channelEvent.Epoch, channelEvent.Offset),
        };
    }
}
