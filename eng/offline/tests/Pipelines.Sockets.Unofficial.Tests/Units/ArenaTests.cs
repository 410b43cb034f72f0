using Pipelines.Sockets.Unofficial.Arenas;

namespace Pipelines.Sockets.Unofficial.Tests.Units;

public sealed class ArenaTests
{
    private static readonly ArenaOptions s_blocksOf16 = new(blockSizeBytes: 16 * sizeof(int));

    [Fact]
    public void What_fits_into_a_block_is_contiguous()
    {
        using var arena = new Arena<int>(s_blocksOf16);

        for (var i = 0; i < 100; i++)
        {
            Assert.True(arena.Allocate(10).IsSingleSegment);
        }
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(1_000)]
    public void Allocations_of_any_length_never_share_an_element(int length)
    {
        using var arena = new Arena<int>(s_blocksOf16);
        var sequences = Enumerable.Range(0, 20).Select(_ => arena.Allocate(length)).ToArray();

        for (var i = 0; i < sequences.Length; i++)
        {
            foreach (ref var item in sequences[i])
            {
                item = i;
            }
        }

        for (var i = 0; i < sequences.Length; i++)
        {
            Assert.Equal(length, sequences[i].Length);
            Assert.All(sequences[i].ToArray((in int item) => item), item => Assert.Equal(i, item));
        }
    }

    [Fact]
    public void An_allocation_of_nothing_is_the_empty_sequence()
    {
        using var arena = new Arena<int>();

        Assert.True(arena.Allocate(0).IsEmpty);
        Assert.True(arena.Allocate(0).IsSingleSegment);
        Assert.Throws<ArgumentOutOfRangeException>(() => arena.Allocate(-1));
    }

    [Fact]
    public void A_reset_hands_out_the_same_memory_again_without_what_was_in_it()
    {
        using var arena = new Arena<string?>(new ArenaOptions(blockSizeBytes: 128));
        var first = arena.Allocate(50);
        foreach (ref var item in first)
        {
            item = "kept alive";
        }

        arena.Reset();
        var second = arena.Allocate(50);

        Assert.True(first.FirstSpan == second.FirstSpan);
        Assert.All(second.ToArray((in string? item) => item), Assert.Null);
    }

    [Fact]
    public void A_burst_is_returned_to_the_pool_by_and_by_and_the_first_block_is_kept()
    {
        var pool = new CountingAllocator<int>();
        using var arena = new Arena<int>(s_blocksOf16, pool);
        arena.Allocate(1_600);
        Assert.True(pool.Rented >= 100);

        arena.Reset();
        Assert.True(pool.Rented - pool.Returned >= 100); // the peak is kept for the next reply of that size
        for (var i = 0; i < 200; i++)
        {
            arena.Allocate(1);
            arena.Reset();
        }

        Assert.Equal(1, pool.Rented - pool.Returned);
    }

    [Fact]
    public void The_retention_policy_decides_what_is_kept()
    {
        var pool = new CountingAllocator<int>();
        var calls = new List<(long Retained, long Used)>();
        long Policy(long retained, long used)
        {
            calls.Add((retained, used));
            return used / 2;
        }

        using var arena = new Arena<int>(new ArenaOptions(blockSizeBytes: 64, retentionPolicy: Policy), pool);
        arena.Allocate(160);
        arena.Reset();

        Assert.Equal([(0, 160)], calls);
        Assert.Equal(5, pool.Rented - pool.Returned);
    }

    [Fact]
    public void A_sequence_survives_the_disposal_of_its_arena_by_another_thread()
    {
        var pool = new CountingAllocator<int>();
        var arena = new Arena<int>(s_blocksOf16, pool);
        var sequence = arena.Allocate(100);
        foreach (ref var item in sequence)
        {
            item = 7;
        }

        arena.Dispose();
        arena.Reset(); // the reading thread finishes its reply

        Assert.All(sequence.ToArray((in int item) => item), item => Assert.Equal(7, item));
        Assert.Equal(0, pool.Returned);
        Assert.Throws<ObjectDisposedException>(() => arena.Allocate(1));
    }

    [Fact]
    public void A_struct_may_hold_a_sequence_of_itself()
    {
        using var arena = new Arena<Node>();
        var children = arena.Allocate(2);
        children[0] = new Node(1, default);
        children[1] = new Node(2, default);

        var root = new Node(0, children.Untyped());

        Assert.Equal(2, root.Children.Length);
        Assert.Equal(2, root.Children.Cast<Node>()[1].Value);
        Assert.True(root.Children.Cast<Node>()[0].Children.Cast<Node>().IsEmpty);
    }

    private readonly record struct Node(int Value, Sequence Children);

    private sealed class CountingAllocator<T> : Allocator<T>
    {
        public int Rented { get; private set; }

        public int Returned { get; private set; }

        internal override T[] Rent(int minimumLength)
        {
            Rented++;
            return new T[minimumLength];
        }

        internal override void Return(T[] array) => Returned++;
    }
}
