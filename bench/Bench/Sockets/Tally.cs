using RealtimeSuite.Bench.Measuring;
using RealtimeSuite.Bench.Publishing;

namespace RealtimeSuite.Bench.Sockets;

/// <summary>What a crowd got since the last <see cref="Clear"/>.</summary>
internal sealed class Tally
{
    /// <summary>Times from publishing an event to reading it from a socket.</summary>
    public Latencies Latencies { get; } = new();

    /// <summary>Events.</summary>
    public long Events { get; private set; }

    /// <summary>Events that came behind a gap.</summary>
    public long Gaps { get; private set; }

    /// <summary>Events that came twice.</summary>
    public long Duplicates { get; private set; }

    /// <summary>Events that came behind a later one.</summary>
    public long OutOfOrder { get; private set; }

    /// <summary>Bytes of all frames' payloads.</summary>
    public long Bytes { get; private set; }

    /// <summary>When the last event was read, as <see cref="System.Diagnostics.Stopwatch"/> has it.</summary>
    public long LastAt { get; private set; }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Latencies.Clear();
        (Events, Gaps, Duplicates, OutOfOrder, Bytes, LastAt) = (0, 0, 0, 0, 0, 0);
    }

    /// <summary>Takes the events of a message; more than one where a server puts several into one.</summary>
    public void Take(Member member, ReadOnlySpan<byte> message, long now)
    {
        Bytes += message.Length;
        var at = message.IndexOf(EventMark.Begin);
        while (at >= 0 && at + EventMark.Length <= message.Length)
        {
            var digits = message[(at + EventMark.Begin.Length)..];
            Take(
                member,
                EventMark.ReadHex(digits[..EventMark.TimeDigits]),
                EventMark.ReadHex(digits.Slice(EventMark.TimeDigits, EventMark.NumberDigits)),
                now
            );
            at += EventMark.Length;
            var next = message[at..].IndexOf(EventMark.Begin);
            at = next < 0 ? -1 : at + next;
        }
    }

    private void Take(Member member, long published, long number, long now)
    {
        Events++;
        LastAt = now;
        Latencies.Add(now - published);
        switch (member.Note(number))
        {
            case Arrival.BehindGap:
                Gaps++;
                break;
            case Arrival.Again:
                Duplicates++;
                break;
            case Arrival.Late:
                OutOfOrder++;
                break;
            default:
                break;
        }
    }
}
