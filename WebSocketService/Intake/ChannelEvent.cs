using System.Buffers.Text;
using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using System.Text.Json;
using RealtimeSuite.Contracts;

namespace RealtimeSuite.Gateway.Intake;

/// <summary>
/// An event on a channel. As text, in the history and on pub/sub: one line <c>offset|epoch|id|traceparent|milliseconds|place</c> with the
/// id percent-encoded, the Unix time at which it was numbered and its <see cref="KafkaPlace"/>, then the CloudEvent as JSON.
/// <see cref="ChannelLog"/> writes it.
/// </summary>
/// <param name="Channel">The channel.</param>
/// <param name="Epoch">Changes when the channel's history was lost. Empty for an event that came without a number, straight from Kafka.</param>
/// <param name="Offset">Rises by one within an epoch, from 1. Zero for an event without a number.</param>
/// <param name="Cause">The span that handled the event at its intake.</param>
/// <param name="Event">The event.</param>
/// <param name="Place">Where it stands in Kafka; null for one that came another way.</param>
internal sealed record ChannelEvent(
    string Channel,
    string Epoch,
    long Offset,
    ActivityContext Cause,
    CloudEvent Event,
    KafkaPlace? Place
)
{
    private const int HeadParts = 6;
    private const byte Separator = (byte)'|';

    /// <summary>Whether it has a number.</summary>
    public bool IsNumbered => Offset > 0;

    /// <summary>Reads a message of the channel; false for anything else.</summary>
    public static bool TryRead(
        string channel,
        ReadOnlySpan<byte> message,
        [NotNullWhen(true)] out ChannelEvent? channelEvent
    )
    {
        channelEvent = null;
        var end = message.IndexOf((byte)'\n');
        if (end < 0)
        {
            return false;
        }

        Span<Range> parts = stackalloc Range[HeadParts + 1];
        var head = message[..end];
        if (Split(head, parts) != HeadParts || !Utf8Parser.TryParse(head[parts[0]], out long offset, out _))
        {
            return false;
        }

        try
        {
            var cloudEvent = CloudEventReader.Read(message[(end + 1)..]);
            _ = ActivityContext.TryParse(Encoding.ASCII.GetString(head[parts[3]]), null, isRemote: true, out var cause);
            channelEvent = new ChannelEvent(
                channel,
                Encoding.UTF8.GetString(head[parts[1]]),
                offset,
                cause,
                cloudEvent,
                KafkaPlace.Read(head[parts[5]])
            );
            return true;
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static int Split(ReadOnlySpan<byte> head, Span<Range> parts)
    {
        var count = 0;
        var start = 0;
        for (var i = 0; i <= head.Length && count < parts.Length; i++)
        {
            if (i == head.Length || head[i] == Separator)
            {
                parts[count++] = start..i;
                start = i + 1;
            }
        }

        return count;
    }
}
