using System.Buffers.Text;

namespace RealtimeSuite.Gateway.PubSub;

/// <summary>What Redis can say on a connection that subscribes.</summary>
internal enum RespKind
{
    /// <summary>A message of a channel.</summary>
    Message,

    /// <summary>The answer to a command.</summary>
    Answer,

    /// <summary>A command was refused; <see cref="RespReply.Content"/> says why.</summary>
    Error,
}

/// <summary>
/// One thing that Redis said, as a view of the buffer it was read into. Understands what a connection that subscribes is sent in RESP 2
/// (source: Redis serialization protocol specification): simple strings, errors, integers, bulk strings, and arrays of these.
/// </summary>
internal readonly ref struct RespReply
{
    private const int MessageParts = 3;

    private RespReply(RespKind kind, ReadOnlySpan<byte> content, ReadOnlySpan<byte> channel = default)
    {
        Kind = kind;
        Channel = channel;
        Content = content;
    }

    /// <summary>What it is.</summary>
    public RespKind Kind { get; }

    /// <summary>The channel of a message.</summary>
    public ReadOnlySpan<byte> Channel { get; }

    /// <summary>The message, or the text of an error.</summary>
    public ReadOnlySpan<byte> Content { get; }

    /// <summary>Reads one reply from the beginning of a buffer and says how long it is; false when there is only a part of it.</summary>
    /// <exception cref="InvalidDataException">It is no reply.</exception>
    public static bool TryRead(ReadOnlySpan<byte> buffer, out RespReply reply, out int length)
    {
        reply = default;
        length = 0;
        if (buffer.IsEmpty)
        {
            return false;
        }

        if (buffer[0] != '*')
        {
            if (!TryReadValue(buffer, ref length, out var value))
            {
                return false;
            }

            reply = new RespReply(buffer[0] == '-' ? RespKind.Error : RespKind.Answer, value);
            return true;
        }

        if (!TryReadNumber(buffer, ref length, out var count))
        {
            return false;
        }

        ReadOnlySpan<byte> kind = default;
        ReadOnlySpan<byte> channel = default;
        ReadOnlySpan<byte> content = default;
        for (var i = 0; i < count; i++)
        {
            if (!TryReadValue(buffer, ref length, out var value))
            {
                return false;
            }

            if (i == 0)
            {
                kind = value;
            }
            else if (i == 1)
            {
                channel = value;
            }
            else
            {
                content = value;
            }
        }

        reply =
            count == MessageParts && kind.SequenceEqual("message"u8)
                ? new RespReply(RespKind.Message, content, channel)
                : new RespReply(RespKind.Answer, content);
        return true;
    }

    private static bool TryReadValue(ReadOnlySpan<byte> buffer, scoped ref int at, out ReadOnlySpan<byte> value)
    {
        value = default;
        if (at >= buffer.Length)
        {
            return false;
        }

        if (buffer[at] != '$')
        {
            return TryReadLine(buffer, ref at, out value);
        }

        if (!TryReadNumber(buffer, ref at, out var length))
        {
            return false;
        }

        if (length < 0)
        {
            // Nothing: "$-1".
            return true;
        }

        if (buffer.Length - at - 2 < length)
        {
            return false;
        }

        value = buffer.Slice(at, length);
        at += length + 2;
        return true;
    }

    /// <summary>The number of a line such as <c>$12</c> or <c>*3</c>.</summary>
    private static bool TryReadNumber(ReadOnlySpan<byte> buffer, scoped ref int at, out int number)
    {
        number = 0;
        return TryReadLine(buffer, ref at, out var digits)
            && (
                Utf8Parser.TryParse(digits, out number, out var used) && used == digits.Length
                    ? true
                    : throw new InvalidDataException("Redis sent a length that is no number.")
            );
    }

    /// <summary>A line without its first character, which says what it is, and without its end.</summary>
    private static bool TryReadLine(ReadOnlySpan<byte> buffer, scoped ref int at, out ReadOnlySpan<byte> text)
    {
        text = default;
        if (!"+-:$*"u8.Contains(buffer[at]))
        {
            throw new InvalidDataException($"Redis sent something that begins with the byte {buffer[at]}.");
        }

        var end = buffer[at..].IndexOf("\r\n"u8);
        if (end < 0)
        {
            return false;
        }

        text = buffer.Slice(at + 1, end - 1);
        at += end + 2;
        return true;
    }
}
