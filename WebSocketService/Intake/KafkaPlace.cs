using System.Buffers.Text;
using System.Globalization;
using System.Text;

namespace RealtimeSuite.Gateway.Intake;

/// <summary>Where a record stands in Kafka. As text <c>topic/partition/offset</c>.</summary>
internal readonly record struct KafkaPlace(string Topic, int Partition, long Offset)
{
    private const byte Separator = (byte)'/';

    /// <summary>Reads the text; null when there is none.</summary>
    public static KafkaPlace? Read(ReadOnlySpan<byte> text)
    {
        var second = text.LastIndexOf(Separator);
        var first = second < 0 ? -1 : text[..second].LastIndexOf(Separator);
        return
            first > 0
            && Utf8Parser.TryParse(text[(first + 1)..second], out int partition, out _)
            && Utf8Parser.TryParse(text[(second + 1)..], out long offset, out _)
            ? new KafkaPlace(Encoding.UTF8.GetString(text[..first]), partition, offset)
            : null;
    }

    /// <inheritdoc/>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Topic}/{Partition}/{Offset}");
}
