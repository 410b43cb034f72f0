namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>
/// A <see cref="Sequence{T}"/> that has forgotten its element type, for a struct that holds a sequence of itself
/// (which the runtime cannot lay out).
/// </summary>
public readonly struct Sequence
{
    private readonly object? _block;
    private readonly int _start;
    private readonly int _length;

    internal Sequence(object? block, int start, int length)
    {
        _block = block;
        _start = start;
        _length = length;
    }

    /// <summary>Number of elements.</summary>
    public long Length => _length;

    /// <summary>The sequence with its type again.</summary>
    /// <exception cref="InvalidCastException">The elements are not of type <typeparamref name="T"/>.</exception>
    public Sequence<T> Cast<T>() => new((Block<T>?)_block, _start, _length);
}
