using System.Buffers.Binary;

namespace RealtimeSuite.Gateway.Hub;

/// <summary>The first bytes of a frame that a server sends: final, not masked, without extensions. Source: RFC 6455, section 5.2.</summary>
internal static class FrameHeader
{
    /// <summary>The first byte of a ping.</summary>
    public const byte Ping = 0x89;

    private const byte Text = 0x81;
    private const int MaxShort = 125;
    private const byte TwoBytes = 126;
    private const byte EightBytes = 127;

    /// <summary>How long the header of so many bytes of payload is.</summary>
    public static int LengthFor(int payload) =>
        payload switch
        {
            <= MaxShort => 2,
            <= ushort.MaxValue => 4,
            _ => 10,
        };

    /// <summary>Writes the header of a text message.</summary>
    public static void WriteText(Span<byte> wire, int payload)
    {
        wire[0] = Text;
        switch (LengthFor(payload))
        {
            case 2:
                wire[1] = (byte)payload;
                break;
            case 4:
                wire[1] = TwoBytes;
                BinaryPrimitives.WriteUInt16BigEndian(wire[2..], (ushort)payload);
                break;
            default:
                wire[1] = EightBytes;
                BinaryPrimitives.WriteUInt64BigEndian(wire[2..], (ulong)payload);
                break;
        }
    }
}
