using System.Text;
using RealtimeSuite.Testing;

namespace RealtimeSuite.Integration.Tests;

/// <summary>What a broken or hostile client may send on an open socket, and how RFC 6455 or the wire contract wants it to end.</summary>
internal static class MalformedFrames
{
    private const int Continuation = 0;
    private const int Text = 1;
    private const int Binary = 2;
    private const int CloseFrame = 8;
    private const int Ping = 9;
    private const int MaxMessageBytes = 64 * 1024;

    private static readonly byte[] NoUtf8 = [0x22, 0xc3, 0x28, 0x22];
    private static readonly RawFrame PingText = RawFrame.Text("ping");
    private static readonly RawFrame FirstPart = new(Text, "pi"u8.ToArray()) { Fin = false };
    private static readonly RawFrame LastPart = new(Continuation, "ng"u8.ToArray());

    /// <summary>By sentence: the frames, and what follows.</summary>
    public static IReadOnlyDictionary<string, MalformedCase> All { get; } =
        Reserved()
            .Concat(Framing())
            .Concat(Lengths())
            .Concat(Utf8())
            .Concat(Closing())
            .Concat(Messages())
            .ToDictionary(one => one.Sentence, StringComparer.Ordinal);

    private static IEnumerable<MalformedCase> Reserved()
    {
        foreach (var (bit, name) in new[] { (4, "RSV1"), (2, "RSV2"), (1, "RSV3") })
        {
            yield return new($"{name} without an extension", 1002, PingText with { Reserved = bit });
        }

        foreach (var opcode in new[] { 3, 4, 5, 6, 7, 11, 12, 13, 14, 15 })
        {
            yield return new($"the reserved opcode {opcode}", 1002, new RawFrame(opcode, "x"u8.ToArray()));
        }
    }

    // The framework looks at a head only when six bytes are there, as a masked frame has; a shorter one waits for the next.
    private static IEnumerable<MalformedCase> Framing() =>
        [
            new("a text frame without a mask", 1002, PingText with { Masked = false }),
            new("a ping without a mask", 1002, new RawFrame(Ping, new byte[4]) { Masked = false }),
            new("a close without a mask", 1002, RawFrame.Close(1000, "bye"u8) with { Masked = false }),
            new("a ping in fragments", 1002, new RawFrame(Ping, default) { Fin = false }),
            new("a close in fragments", 1002, RawFrame.Close(1000) with { Fin = false }),
            new("a ping of 126 bytes", 1002, new RawFrame(Ping, new byte[126])),
            new("a close of 126 bytes", 1002, RawFrame.Close(1000, new byte[124])),
            new("a continuation without a beginning", 1002, LastPart),
            new("a continuation after the end", 1002, FirstPart, LastPart, LastPart),
            new("a text frame inside a fragmented message", 1002, FirstPart, PingText),
            new("a binary frame inside a fragmented message", 1002, FirstPart, new RawFrame(Binary, new byte[1])),
            new(
                "a ping inside a fragmented message",
                Lives.Answer("pong"),
                FirstPart,
                new RawFrame(Ping, default),
                LastPart
            ),
        ];

    private static IEnumerable<MalformedCase> Lengths() =>
        [
            new(
                "a length of 2^62 bytes",
                1009,
                PingText with
                {
                    ClaimedLength = 1UL << 62,
                    LengthBytes = 8,
                    Payload = new byte[MaxMessageBytes + 1],
                }
            ),
            new("a negative length", 1002, PingText with { ClaimedLength = ulong.MaxValue, LengthBytes = 8 }),
            new("a length in two bytes where one would do", Lives.Answer("pong"), PingText with { LengthBytes = 2 }),
            new("a length in eight bytes where one would do", Lives.Answer("pong"), PingText with { LengthBytes = 8 }),
            new("a message of exactly 64 KiB", Lives.Answer("error"), RawFrame.Text(new string('x', MaxMessageBytes))),
            new("a message of 64 KiB and a byte", 1009, RawFrame.Text(new string('x', MaxMessageBytes + 1))),
            new(
                "64 KiB and a byte in two fragments",
                1009,
                RawFrame.Text(new string('x', MaxMessageBytes)) with
                {
                    Fin = false,
                },
                new RawFrame(Continuation, "x"u8.ToArray())
            ),
            new("a megabyte in one message", 1009, RawFrame.Text(new string('x', 1024 * 1024))),
        ];

    private static IEnumerable<MalformedCase> Utf8() =>
        [
            new("text that is no UTF-8", 1007, new RawFrame(Text, NoUtf8)),
            new("text that ends within a character", 1007, new RawFrame(Text, new byte[] { 0x22, 0xc3 })),
            new("a surrogate in UTF-8", 1007, new RawFrame(Text, new byte[] { 0xed, 0xa0, 0x80 })),
            new("an overlong character", 1007, new RawFrame(Text, new byte[] { 0xc0, 0xaf })),
            new(
                "text that is no UTF-8 across fragments",
                1007,
                new RawFrame(Text, NoUtf8.AsMemory(0, 2)) { Fin = false },
                new RawFrame(Continuation, NoUtf8.AsMemory(2))
            ),
            new(
                "a character split across fragments",
                Lives.Answer("error"),
                new RawFrame(Text, new byte[] { 0x22, 0xc3 }) { Fin = false },
                new RawFrame(Continuation, new byte[] { 0xa9, 0x22 })
            ),
        ];

    private static IEnumerable<MalformedCase> Closing()
    {
        yield return new("a close with one byte", 1002, new RawFrame(CloseFrame, new byte[1]));
        foreach (var code in new[] { 0, 999, 1004, 1005, 1006, 1015, 2000, 5000, 65535 })
        {
            yield return new($"a close with the code {code}", 1002, RawFrame.Close(code));
        }

        // RFC 6455 asks for a failed connection and leaves the code open; the framework calls it a protocol error.
        yield return new("a close whose reason is no UTF-8", 1002, RawFrame.Close(1000, NoUtf8));
        yield return new("a close without a code", 1000, new RawFrame(CloseFrame, default));
        yield return new("a close with a code of its own", 1000, RawFrame.Close(4999, "bye"u8));
        yield return new("garbage after a close", 1000, RawFrame.Close(1000), new RawFrame(15, NoUtf8), PingText);
    }

    private static IEnumerable<MalformedCase> Messages() =>
        [
            new("a binary message", Lives.Answer("error"), new RawFrame(Binary, "ping"u8.ToArray())),
            new("an empty message", Lives.Answer("error"), RawFrame.Text("")),
            new("a NUL byte", Lives.Answer("error"), RawFrame.Text("\0")),
            new("JSON of 10,000 levels", Lives.Answer("error"), RawFrame.Text(Deep(10_000))),
            new("a number of 60,000 digits", Lives.Answer("error"), RawFrame.Text(new string('9', 60_000))),
            new("a subscription to 5,000 topics", Lives.Answer("error", "subscription"), RawFrame.Text(Topics(5_000))),
            new(
                "1,000 empty fragments within a message",
                Lives.Answer("pong"),
                [FirstPart, .. Enumerable.Repeat(new RawFrame(Continuation, default) { Fin = false }, 1000), LastPart]
            ),
            new("200 pings at once, as control frames", Lives.Answer("pong"), [.. Pings(200), PingText]),
            new("200 pings at once, as messages", 4029, [.. Enumerable.Repeat(PingText, 200)]),
            new("five binary messages", 4013, [.. Enumerable.Repeat(new RawFrame(Binary, new byte[1]), 5)]),
        ];

    private static IEnumerable<RawFrame> Pings(int count) =>
        Enumerable.Repeat(new RawFrame(Ping, new byte[125]), count);

    private static string Deep(int levels) => new string('[', levels) + new string(']', levels);

    private static string Topics(int count)
    {
        var text = new StringBuilder("""{"type":"subscribe","topics":[""");
        text.AppendJoin(',', Enumerable.Range(0, count).Select(i => $"\"t{i}\""));
        return text.Append("]}").ToString();
    }
}

/// <summary>What is sent and how it ends: with a close code, or with an answer on a socket that lives.</summary>
internal sealed record MalformedCase(string Sentence, int? CloseCode, Lives? Lives, IReadOnlyList<RawFrame> Frames)
{
    public MalformedCase(string sentence, int closeCode, params RawFrame[] frames)
        : this(sentence, closeCode, null, frames) { }

    public MalformedCase(string sentence, Lives lives, params RawFrame[] frames)
        : this(sentence, null, lives, frames) { }
}

/// <summary>The socket lives; its next message is of one of these types.</summary>
internal sealed record Lives(IReadOnlyList<string> Types)
{
    public static Lives Answer(params string[] types) => new(types);
}
