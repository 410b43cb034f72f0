using RealtimeSuite.Bench.Measuring;

namespace RealtimeSuite.Bench.Sockets;

/// <summary>What a crowd got since the last <see cref="Clear"/>.</summary>
internal sealed class Tally
{
    /// <summary>Times from publishing an event to reading it from a socket.</summary>
    public Latencies Latencies { get; } = new();

    /// <summary>Events.</summary>
    public long Events { get; set; }

    /// <summary>Events that came behind a gap.</summary>
    public long Gaps { get; set; }

    /// <summary>Events that came twice.</summary>
    public long Duplicates { get; set; }

    /// <summary>Events that came behind a later one.</summary>
    public long OutOfOrder { get; set; }

    /// <summary>Bytes of all frames' payloads.</summary>
    public long Bytes { get; set; }

    /// <summary>When the last event was read, as <see cref="System.Diagnostics.Stopwatch"/> has it.</summary>
    public long LastAt { get; set; }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Latencies.Clear();
        (Events, Gaps, Duplicates, OutOfOrder, Bytes, LastAt) = (0, 0, 0, 0, 0, 0);
    }
}
