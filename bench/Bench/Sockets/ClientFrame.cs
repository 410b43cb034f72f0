namespace RealtimeSuite.Bench.Sockets;

/// <summary>Frames from a client, whose mask is zero: RFC 6455 wants one there, and what it is is the client's choice.</summary>
internal static class ClientFrame
{
    private const int Final = 0x80;
    private const int Masked = 0x80;
    private const int Short = 125;
    private const int Mask = 4;

    /// <summary>The bytes of a frame of less than 64 KiB.</summary>
    public static byte[] Of(int opcode, ReadOnlySpan<byte> payload)
    {
        byte[] head =
            payload.Length <= Short
                ? [(byte)(Final | opcode), (byte)(Masked | payload.Length)]
                : [(byte)(Final | opcode), Masked | (Short + 1), (byte)(payload.Length >> 8), (byte)payload.Length];
        var frame = new byte[head.Length + Mask + payload.Length];
        head.CopyTo(frame, 0);
        payload.CopyTo(frame.AsSpan(head.Length + Mask));
        return frame;
    }
}
