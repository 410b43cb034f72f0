using System.Numerics;

namespace RealtimeSuite.Bench.Measuring;

/// <summary>
/// A histogram of times: 64 buckets to each power of two, so a percentile is right to 1.6 of 100, at any length and without allocation.
/// </summary>
internal sealed class Latencies
{
    private const int Bits = 6;
    private const int Buckets = 1 << Bits;
    private const double NanosecondsPerMillisecond = 1e6;

    private readonly long[] _counts = new long[Buckets * (64 - Bits)];

    /// <summary>How many were added.</summary>
    public long Count { get; private set; }

    /// <summary>The longest, in milliseconds.</summary>
    public double Max { get; private set; }

    /// <summary>Adds a time; a negative one counts as none.</summary>
    public void Add(long nanoseconds)
    {
        var value = Math.Max(0, nanoseconds);
        _counts[IndexOf(value)]++;
        Count++;
        Max = Math.Max(Max, value / NanosecondsPerMillisecond);
    }

    /// <summary>The time that so many of 100 do not exceed, in milliseconds; 0 of none.</summary>
    public double Percentile(double percent)
    {
        var rank = (long)Math.Ceiling(Count * percent / 100);
        long seen = 0;
        for (var i = 0; i < _counts.Length; i++)
        {
            seen += _counts[i];
            if (seen >= rank && seen > 0)
            {
                return Math.Min(Max, UpperEnd(i) / NanosecondsPerMillisecond);
            }
        }

        return 0;
    }

    /// <summary>Forgets all.</summary>
    public void Clear()
    {
        Array.Clear(_counts);
        (Count, Max) = (0, 0);
    }

    private static int IndexOf(long value)
    {
        var shift = Math.Max(0, BitOperations.Log2((ulong)value | 1) - Bits);
        return (shift << Bits) + (int)(value >> shift);
    }

    private static double UpperEnd(int index)
    {
        var shift = Math.Max(0, (index >> Bits) - 1);
        return (double)(((long)index - ((long)shift << Bits)) + 1) * (1L << shift);
    }
}
