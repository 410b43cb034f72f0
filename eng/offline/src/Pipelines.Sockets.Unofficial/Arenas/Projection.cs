namespace Pipelines.Sockets.Unofficial.Arenas;

/// <summary>
/// Turns one element into another; like <see cref="Func{T, TResult}"/>, with the element passed by reference.
/// </summary>
public delegate TResult Projection<T, out TResult>(in T x);

/// <summary>Turns one element and a state into another element, both passed by reference.</summary>
public delegate TResult Projection<T1, T2, out TResult>(in T1 x1, in T2 x2);
