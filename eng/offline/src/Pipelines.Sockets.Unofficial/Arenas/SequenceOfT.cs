using System.Runtime.CompilerServices;

namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>
/// Elements of an <see cref="Arena{T}"/>: in one array, or spread over several. Elements are handed out by reference
/// and may be written. Valid until the arena is reset. The default value is the empty sequence.
/// </summary>
public readonly partial struct Sequence<T>
{
    private readonly Block<T>? _block;
    private readonly int _start;
    private readonly int _length;

    internal Sequence(Block<T>? block, int start, int length)
    {
        _block = block;
        _start = start;
        _length = length;
    }

    /// <summary>Number of elements.</summary>
    public long Length => _length;

    /// <summary>Whether there is no element.</summary>
    public bool IsEmpty => _length == 0;

    /// <summary>Whether <see cref="FirstSpan"/> holds every element.</summary>
    public bool IsSingleSegment => _length <= FirstLength;

    /// <summary>The elements of the first array.</summary>
    public Span<T> FirstSpan => _block is null ? default : _block.Items.AsSpan(_start, Math.Min(_length, FirstLength));

    /// <summary>The arrays in order, as spans.</summary>
    public SpanEnumerable Spans => new(this);

    /// <summary>
    /// The element at <paramref name="index"/>; walks the arrays, so prefer enumeration for long sequences.
    /// </summary>
    /// <exception cref="IndexOutOfRangeException">There is no such element.</exception>
    public ref T this[int index]
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get
        {
            if ((uint)index >= (uint)_length)
            {
                ThrowIndex();
            }

            return ref index < FirstLength ? ref _block!.Items[_start + index] : ref Far(index);
        }
    }

    /// <summary>The same elements without their type.</summary>
    public Sequence Untyped() => new(_block, _start, _length);

    /// <summary>Enumerates the elements by reference.</summary>
    public Enumerator GetEnumerator() => new(this);

    private int FirstLength => _block is null ? 0 : _block.Length - _start;

    private ref T Far(int index)
    {
        var block = _block!;
        index += _start;
        while (index >= block.Length)
        {
            index -= block.Length;
            block = block.Next!;
        }

        return ref block.Items[index];
    }

    private static void ThrowIndex() => throw new IndexOutOfRangeException();
}
