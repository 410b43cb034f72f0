using System.Buffers.Binary;

namespace RealtimeSuite.Bench.Sockets;

/// <summary>The head of a frame from a server: no mask, RFC 6455 section 5.2.</summary>
/// <param name="Opcode">What it is.</param>
/// <param name="IsFinal">Whether it ends its message.</param>
/// <param name="HeadLength">Bytes of the head.</param>
/// <param name="Length">Bytes of the payload.</param>
internal readonly record struct ServerFrame(int Opcode, bool IsFinal, int HeadLength, long Length)
{
    public const int Continuation = 0;
    public const int Text = 1;
    public const int Close = 8;
    public const int Ping = 9;
    public const int Pong = 10;

    private const int Short = 2;
    private const int Medium = 4;
    private const int Long = 10;

    /// <summary>Reads a head; false when its bytes are not all there.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out ServerFrame frame)
    {
        frame = default;
        if (bytes.Length < Short)
        {
            return false;
        }

        var length = bytes[1] & 0x7F;
        var head = length switch
        {
            126 => Medium,
            127 => Long,
            _ => Short,
        };
        if (bytes.Length < head)
        {
            return false;
        }

        var payload = head switch
        {
            Medium => BinaryPrimitives.ReadUInt16BigEndian(bytes[Short..]),
            Long => BinaryPrimitives.ReadInt64BigEndian(bytes[Short..]),
            _ => length,
        };
        frame = new ServerFrame(bytes[0] & 0x0F, (bytes[0] & 0x80) != 0, head, payload);
        return true;
    }
}
