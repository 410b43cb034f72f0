using System.Diagnostics;

namespace RealtimeSuite.Bench.Publishing;

/// <summary>
/// What an event carries in its text to be recognised at the other end, whatever a server wraps around it: <c>~t</c>, the time at which it
/// was published (16 hex digits, nanoseconds of <see cref="Stopwatch"/>) and its number for its receiver (8 hex digits, from 1).
/// </summary>
internal static class EventMark
{
    /// <summary>How many bytes it takes.</summary>
    public const int Length = 2 + TimeDigits + NumberDigits;

    /// <summary>Hex digits of the time.</summary>
    public const int TimeDigits = 16;

    /// <summary>Hex digits of the number.</summary>
    public const int NumberDigits = 8;

    /// <summary>How it begins.</summary>
    public static ReadOnlySpan<byte> Begin => "~t"u8;

    /// <summary>Reads hex digits, lower case.</summary>
    public static long ReadHex(ReadOnlySpan<byte> digits)
    {
        long value = 0;
        foreach (var digit in digits)
        {
            value = (value << 4) | (uint)(digit <= '9' ? digit - '0' : digit - 'a' + 10);
        }

        return value;
    }

    /// <summary>Writes hex digits, as many as there is room for.</summary>
    public static void WriteHex(Span<byte> room, long value)
    {
        for (var i = room.Length - 1; i >= 0; i--)
        {
            room[i] = "0123456789abcdef"u8[(int)(value & 15)];
            value >>= 4;
        }
    }

    /// <summary>Writes decimal digits with leading zeros.</summary>
    public static void WriteDecimal(Span<byte> room, long value)
    {
        for (var i = room.Length - 1; i >= 0; i--)
        {
            (value, var digit) = Math.DivRem(value, 10);
            room[i] = (byte)('0' + digit);
        }
    }
}
