namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>Copies sequences out of an arena, one projected element at a time.</summary>
public static class SequenceExtensions
{
    /// <summary>A new array with each element projected.</summary>
    public static TResult[] ToArray<T, TResult>(this in Sequence<T> source, Projection<T, TResult> projection)
    {
        if (source.IsEmpty)
        {
            return [];
        }

        var result = new TResult[checked((int)source.Length)];
        source.CopyTo(result, projection);
        return result;
    }

    /// <summary>A new array with each element projected together with <paramref name="state"/>.</summary>
    public static TResult[] ToArray<T, TState, TResult>(
        this in Sequence<T> source,
        Projection<T, TState, TResult> projection,
        in TState state
    )
    {
        if (source.IsEmpty)
        {
            return [];
        }

        var result = new TResult[checked((int)source.Length)];
        var index = 0;
        foreach (var span in source.Spans)
        {
            foreach (ref readonly var item in span)
            {
                result[index++] = projection(in item, in state);
            }
        }

        return result;
    }

    /// <summary>Writes each projected element to the start of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException">
    /// The destination is shorter than the sequence; nothing was written.
    /// </exception>
    public static void CopyTo<T, TResult>(
        this in Sequence<T> source,
        Span<TResult> destination,
        Projection<T, TResult> projection
    )
    {
        if (destination.Length < source.Length)
        {
            throw new ArgumentException("The destination is shorter than the sequence.", nameof(destination));
        }

        var index = 0;
        foreach (var span in source.Spans)
        {
            foreach (ref readonly var item in span)
            {
                destination[index++] = projection(in item);
            }
        }
    }
}
