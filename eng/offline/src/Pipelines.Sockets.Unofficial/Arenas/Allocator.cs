using System.Buffers;

namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>
/// Where an <see cref="Arena{T}"/> gets its blocks from. StackExchange.Redis never passes one, so it is closed here.
/// </summary>
public abstract class Allocator<T>
{
    internal Allocator() { }

    /// <summary>An array of at least <paramref name="minimumLength"/> elements, with any content.</summary>
    internal abstract T[] Rent(int minimumLength);

    /// <summary>Takes back an array that nothing refers to any more.</summary>
    internal abstract void Return(T[] array);
}

internal sealed class ArrayPoolAllocator<T>(ArrayPool<T> pool) : Allocator<T>
{
    public static ArrayPoolAllocator<T> Shared { get; } = new(ArrayPool<T>.Shared);

    internal override T[] Rent(int minimumLength) => pool.Rent(minimumLength);

    internal override void Return(T[] array) => pool.Return(array);
}
