namespace RealtimeSuite.Bench.Sockets;

/// <summary>How far a socket of the crowd is.</summary>
internal enum MemberState
{
    /// <summary>Not connected, or no more.</summary>
    Closed,

    /// <summary>The TCP connection is being made.</summary>
    Connecting,

    /// <summary>The upgrade is asked for.</summary>
    Upgrading,

    /// <summary>What the server wants said before events come.</summary>
    Greeting,

    /// <summary>Takes events.</summary>
    Open,

    /// <summary>Open, and does not read.</summary>
    Silent,
}

/// <summary>One socket of the <see cref="Crowd"/>, used by its thread alone.</summary>
internal sealed class Member(int number)
{
    private long _last;
    private ulong _before;

    /// <summary>The highest number of an event that it has got; 0 before the first.</summary>
    public long Last => _last;

    /// <summary>Its place in the crowd; also the number of its user.</summary>
    public int Number { get; } = number;

    public int Descriptor { get; set; } = -1;

    public MemberState State { get; set; }

    /// <summary>When opening it began, as <see cref="System.Diagnostics.Stopwatch"/> has it.</summary>
    public long BeganAt { get; set; }

    /// <summary>The step of the greeting that it is at.</summary>
    public int Step { get; set; }

    /// <summary>The beginning of a frame, or of the answer to the handshake, whose rest has not come.</summary>
    public byte[] Carry { get; set; } = [];

    public int CarryLength { get; set; }

    /// <summary>The fragments of a message whose end has not come.</summary>
    public List<byte>? Fragments { get; set; }

    /// <summary>Takes note of an event's number. The first may be any.</summary>
    public Arrival Note(long number)
    {
        if (number > _last)
        {
            var step = number - _last;
            var missing = _last == 0 ? 0 : step - 1;
            _before = step < 64 ? (_before << (int)step) | 1 : 1;
            _last = number;
            return missing == 0 ? Arrival.Next : Arrival.BehindGap;
        }

        var back = _last - number;
        if (back >= 64 || (_before & (1UL << (int)back)) != 0)
        {
            return Arrival.Again;
        }

        _before |= 1UL << (int)back;
        return Arrival.Late;
    }
}

/// <summary>What an event's number says, beside the ones before it.</summary>
internal enum Arrival
{
    /// <summary>The next one.</summary>
    Next,

    /// <summary>Some are missing before it, so far.</summary>
    BehindGap,

    /// <summary>It was here already, or is too old to tell.</summary>
    Again,

    /// <summary>One that was missing.</summary>
    Late,
}
