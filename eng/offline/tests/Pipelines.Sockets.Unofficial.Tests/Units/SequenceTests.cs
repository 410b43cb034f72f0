using Pipelines.Sockets.Unofficial.Arenas;

namespace Pipelines.Sockets.Unofficial.Tests.Units;

public sealed class SequenceTests
{
    /// <summary>Around the edges of one block of 16, of two, and well beyond.</summary>
    public static TheoryData<int> Lengths => [0, 1, 15, 16, 17, 31, 32, 33, 500];

    [Theory]
    [MemberData(nameof(Lengths))]
    public void Every_way_to_read_it_gives_the_same_elements(int length)
    {
        var sequence = Numbers(length);
        var expected = Enumerable.Range(0, length).ToArray();

        var enumerated = new List<int>();
        foreach (ref readonly var item in sequence)
        {
            enumerated.Add(item);
        }

        var spans = new List<int>();
        foreach (var span in sequence.Spans)
        {
            Assert.NotEqual(0, span.Length);
            spans.AddRange(span.ToArray());
        }

        var next = new List<int>();
        var walk = sequence.GetEnumerator();
        for (var i = 0; i < length; i++)
        {
            next.Add(walk.GetNext());
        }

        var copy = new int[length + 1];
        sequence.CopyTo(copy, (in int item) => item);
        var factor = 3;

        Assert.Equal(length, sequence.Length);
        Assert.Equal(length == 0, sequence.IsEmpty);
        Assert.Equal(expected, enumerated);
        Assert.Equal(expected, spans);
        Assert.Equal(expected, next);
        Assert.Equal(expected, expected.Select(i => sequence[i]));
        Assert.Equal(expected, copy[..length]);
        Assert.Equal(expected.Select(i => $"{i}"), sequence.ToArray((in int item) => $"{item}"));
        Assert.Equal(expected.Select(i => i * 3), sequence.ToArray((in int item, in int by) => item * by, in factor));
        Assert.Equal(expected, sequence.Untyped().Cast<int>().ToArray((in int item) => item));
        Assert.Equal(sequence.FirstSpan.Length == length, sequence.IsSingleSegment);
    }

    [Fact]
    public void Elements_are_written_in_place()
    {
        var sequence = Numbers(40);

        sequence[39] = -1;
        var walk = sequence.GetEnumerator();
        walk.GetNext() = -2;

        Assert.Equal(-1, sequence[39]);
        Assert.Equal(-2, sequence[0]);
    }

    [Fact]
    public void Reading_outside_fails_and_keeps_failing()
    {
        var sequence = Numbers(20);
        Assert.Throws<IndexOutOfRangeException>(() => sequence[20]);
        Assert.Throws<IndexOutOfRangeException>(() => sequence[-1]);
        Assert.Throws<IndexOutOfRangeException>(() => default(Sequence<int>)[0]);

        var walk = sequence.GetEnumerator();
        while (walk.MoveNext()) { }

        Assert.False(walk.MoveNext());
        Assert.Throws<InvalidOperationException>(() => walk.GetNext());
    }

    [Fact]
    public void A_copy_needs_enough_room_and_a_cast_the_right_type()
    {
        var sequence = Numbers(20);

        Assert.Throws<ArgumentException>(() => sequence.CopyTo(new int[19], (in int item) => item));
        Assert.Throws<InvalidCastException>(() => sequence.Untyped().Cast<long>());
        Assert.True(default(Sequence).Cast<long>().IsEmpty);
    }

    /// <summary>0, 1, 2, … starting in the middle of a block.</summary>
    private static Sequence<int> Numbers(int length)
    {
        var arena = new Arena<int>(new ArenaOptions(blockSizeBytes: 16 * sizeof(int)));
        arena.Allocate(5);
        var sequence = arena.Allocate(length);
        var value = 0;
        foreach (ref var item in sequence)
        {
            item = value++;
        }

        return sequence;
    }
}
