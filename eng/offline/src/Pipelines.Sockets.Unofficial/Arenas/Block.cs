namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>One array of an arena, linked to the next.</summary>
internal sealed class Block<T>(T[] items)
{
    public T[] Items { get; } = items;

    public int Length => Items.Length;

    public Block<T>? Next { get; set; }
}
