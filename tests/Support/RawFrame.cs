using System.Buffers.Binary;
using System.Text;

namespace RealtimeSuite.Testing;

/// <summary>One WebSocket frame with every bit under control, legal or not (RFC 6455, section 5.2).</summary>
/// <param name="Opcode">0 continuation, 1 text, 2 binary, 8 close, 9 ping, 10 pong; the rest is reserved.</param>
/// <param name="Payload">The payload before masking.</param>
public sealed record RawFrame(int Opcode, ReadOnlyMemory<byte> Payload)
{
    private static readonly byte[] Mask = [0x37, 0xfa, 0x21, 0x3d];

    /// <summary>Whether the message ends with this frame.</summary>
    public bool Fin { get; init; } = true;

    /// <summary>The bits RSV1 (4), RSV2 (2) and RSV3 (1).</summary>
    public int Reserved { get; init; }

    /// <summary>Clients must mask, servers must not.</summary>
    public bool Masked { get; init; } = true;

    /// <summary>The length that the header claims; null for the true one.</summary>
    public ulong? ClaimedLength { get; init; }

    /// <summary>How many bytes the extended length has: 0, 2 or 8; null for the fewest that do.</summary>
    public int? LengthBytes { get; init; }

    /// <summary>A text frame.</summary>
    public static RawFrame Text(string text) => new(1, Encoding.UTF8.GetBytes(text));

    /// <summary>A close frame with a code and a reason.</summary>
    public static RawFrame Close(int code, params ReadOnlySpan<byte> reason)
    {
        var payload = new byte[2 + reason.Length];
        BinaryPrimitives.WriteUInt16BigEndian(payload, (ushort)code);
        reason.CopyTo(payload.AsSpan(2));
        return new RawFrame(8, payload);
    }

    /// <summary>The payload as text.</summary>
    public string AsText() => Encoding.UTF8.GetString(Payload.Span);

    /// <summary>The code of a close frame; null when it has none.</summary>
    public int? CloseCode => Payload.Length < 2 ? null : BinaryPrimitives.ReadUInt16BigEndian(Payload.Span);

    /// <summary>The bytes on the wire.</summary>
    public byte[] ToBytes()
    {
        var length = ClaimedLength ?? (ulong)Payload.Length;
        var extended =
            LengthBytes
            ?? length switch
            {
                < 126 => 0,
                <= ushort.MaxValue => 2,
                _ => 8,
            };
        var bytes = new List<byte>(Payload.Length + 14) { (byte)((Fin ? 0x80 : 0) | (Reserved << 4) | Opcode) };
        var marker = extended switch
        {
            2 => 126,
            8 => 127,
            _ => (int)length,
        };
        bytes.Add((byte)((Masked ? 0x80 : 0) | marker));
        Span<byte> wide = stackalloc byte[8];
        BinaryPrimitives.WriteUInt64BigEndian(wide, length);
        bytes.AddRange(wide[(8 - extended)..]);
        if (!Masked)
        {
            bytes.AddRange(Payload.Span);
            return [.. bytes];
        }

        bytes.AddRange(Mask);
        for (var i = 0; i < Payload.Length; i++)
        {
            bytes.Add((byte)(Payload.Span[i] ^ Mask[i % 4]));
        }

        return [.. bytes];
    }
}
