using System.Numerics;
using System.Runtime.CompilerServices;

namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>
/// Memory for many short-lived sequences that all end at once: <see cref="Allocate"/> moves an index forward,
/// <see cref="Reset"/> moves it back to the start.
/// </summary>
/// <remarks>
/// Used by one thread at a time, except for <see cref="Dispose"/>, which may come from any thread at any moment: it
/// only drops the arena's references, so that sequences still in use stay valid until their reader lets go of them.
/// </remarks>
public sealed class Arena<T> : IDisposable
{
    private readonly Allocator<T> _allocator;
    private readonly Func<long, long, long> _retentionPolicy;
    private readonly int _blockLength;
    private readonly bool _clear;
    private Block<T>? _first;
    private Block<T>? _current;
    private int _used; // elements taken from _current
    private long _retained;
    private volatile bool _disposed;

    /// <summary>An empty arena; the first block is rented by the first allocation.</summary>
    public Arena(ArenaOptions? options = null, Allocator<T>? allocator = null)
    {
        options ??= ArenaOptions.Default;
        _allocator = allocator ?? ArrayPoolAllocator<T>.Shared;
        _retentionPolicy = options.RetentionPolicy;
        _clear = RuntimeHelpers.IsReferenceOrContainsReferences<T>() || (options.Flags & ArenaFlags.ClearAtReset) != 0;

        // A power of two is what array pools hand out; rounding up instead could double the block.
        var length = Math.Max(1, options.BlockSizeBytes / Unsafe.SizeOf<T>());
        _blockLength = 1 << BitOperations.Log2((uint)length);
    }

    /// <summary>
    /// Takes <paramref name="length"/> elements, valid until the next <see cref="Reset"/>. They are contiguous when
    /// they fit into one block, else spread over several.
    /// </summary>
    public Sequence<T> Allocate(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (length == 0)
        {
            return default;
        }

        var block = _current ??= _first ??= Rent();
        if (length > block.Length - _used)
        {
            return AllocateAcross(block, length);
        }

        var sequence = new Sequence<T>(block, _used, length);
        _used += length;
        return sequence;
    }

    private Sequence<T> AllocateAcross(Block<T> block, int length)
    {
        var available = block.Length - _used;
        if (available == 0 || length <= _blockLength)
        {
            block = Advance(block);
            available = block.Length;
        }

        var sequence = new Sequence<T>(block, _used, length);
        while (length > available)
        {
            length -= available;
            block = Advance(block);
            available = block.Length;
        }

        _used += length;
        return sequence;
    }

    private Block<T> Advance(Block<T> block)
    {
        _used = 0;
        return _current = block.Next ??= Rent();
    }

    private Block<T> Rent()
    {
        var items = _allocator.Rent(_blockLength);
        if (_clear)
        {
            Array.Clear(items);
        }

        return new Block<T>(items);
    }

    /// <summary>
    /// Ends every sequence handed out since the last reset, and trims the memory by the retention policy.
    /// </summary>
    public void Reset()
    {
        var first = _first;
        var current = _current;
        if (first is null || current is null || (_used == 0 && first.Next is null))
        {
            return;
        }

        long used = 0;
        for (var block = first; block is not null; block = block.Next)
        {
            var length = block == current ? _used : block.Length;
            used += length;
            if (_clear)
            {
                Array.Clear(block.Items, 0, length);
            }

            if (block == current)
            {
                break;
            }
        }

        _current = first;
        _used = 0;
        _retained = _retentionPolicy(_retained, used);
        Trim(first, _retained);
    }

    /// <summary>Keeps the first block, and as many others as <paramref name="retain"/> elements need.</summary>
    private void Trim(Block<T> first, long retain)
    {
        var last = first;
        retain -= first.Length;
        while (retain > 0 && last.Next is { } next)
        {
            last = next;
            retain -= next.Length;
        }

        var surplus = last.Next;
        last.Next = null;
        for (; surplus is not null; surplus = surplus.Next)
        {
            _allocator.Return(surplus.Items);
        }
    }

    /// <summary>
    /// Ends the arena. Its blocks are left to the garbage collector: a reader may still be inside one.
    /// </summary>
    public void Dispose()
    {
        _disposed = true;
        _first = null;
        _current = null;
    }
}
