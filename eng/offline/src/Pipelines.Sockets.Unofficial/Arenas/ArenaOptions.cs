namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>How an arena treats its memory.</summary>
[Flags]
public enum ArenaFlags
{
    /// <summary>Nothing beyond what the element type demands.</summary>
    None = 0,

    /// <summary>Wipe elements before they are handed out again. Always on for types that hold references.</summary>
    ClearAtReset = 1,

    /// <summary>
    /// Accepted, without effect: a disposed arena gives its memory to the garbage collector, not to a pool.
    /// </summary>
    ClearAtDispose = 2,

    /// <summary>Accepted, without effect: only managed memory is used.</summary>
    PreferUnmanaged = 4,

    /// <summary>Accepted, without effect: blocks are ordinary arrays.</summary>
    PreferPinned = 8,

    /// <summary>Accepted, without effect: there are no multi-type arenas here.</summary>
    BlittableNonPaddedSharing = 16,

    /// <summary>Accepted, without effect: there are no multi-type arenas here.</summary>
    BlittablePaddedSharing = 32,
}

/// <summary>Settings of an arena; one instance may be shared by any number of arenas.</summary>
/// <param name="flags">How memory is treated.</param>
/// <param name="blockSizeBytes">Size of one block in bytes; 0 means 64 KiB.</param>
/// <param name="retentionPolicy">
/// Called at each reset with (elements retained so far, elements used since the last reset); returns how many elements
/// to keep for the next round. <see langword="null"/> keeps the peak and lets it decay by a sixteenth at each reset.
/// </param>
public sealed class ArenaOptions(
    ArenaFlags flags = ArenaFlags.BlittableNonPaddedSharing,
    int blockSizeBytes = 0,
    Func<long, long, long>? retentionPolicy = null
)
{
    internal static ArenaOptions Default { get; } = new();

    internal ArenaFlags Flags { get; } = flags;

    internal int BlockSizeBytes { get; } = blockSizeBytes > 0 ? blockSizeBytes : 64 * 1024;

    internal Func<long, long, long> RetentionPolicy { get; } = retentionPolicy ?? KeepDecayingPeak;

    private static long KeepDecayingPeak(long retained, long used) => Math.Max(used, retained - (retained + 15) / 16);
}
