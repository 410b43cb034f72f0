using RealtimeSuite.Contracts;

namespace RealtimeSuite.Api.Aggregates;

/// <summary>What a rule makes of a wish to change an aggregate. A rule is a pure function, as it is asked again when others were faster.</summary>
/// <typeparam name="T">The aggregate's state.</typeparam>
internal sealed record Decision<T>
    where T : class
{
    private Decision() { }

    /// <summary>The state after it; null removes the aggregate.</summary>
    public T? State { get; private init; }

    /// <summary>What is told of it, in order.</summary>
    public IReadOnlyList<CloudEvent> Events { get; private init; } = [];

    /// <summary>Why not; null when it is allowed.</summary>
    public Refusal? Refusal { get; private init; }

    /// <summary>Whether there is anything to store.</summary>
    public bool IsChange { get; private init; }

    /// <summary>Whether the caller is to know of the aggregate at all.</summary>
    public bool IsHidden { get; private init; }

    /// <summary>Another state, and what is told of it.</summary>
    public static Decision<T> Change(T state, params IReadOnlyList<CloudEvent> events) =>
        new()
        {
            State = state,
            Events = events,
            IsChange = true,
        };

    /// <summary>No aggregate any more, and what is told of that.</summary>
    public static Decision<T> Remove(params IReadOnlyList<CloudEvent> events) =>
        new() { Events = events, IsChange = true };

    /// <summary>It is so already: nothing is stored, nothing told.</summary>
    public static Decision<T> Keep(T state) => new() { State = state };

    /// <summary>It is not allowed.</summary>
    public static Decision<T> Refuse(Refusal refusal) => new() { Refusal = refusal };

    /// <summary>For this caller there is no such aggregate.</summary>
    public static Decision<T> Hide() => new() { IsHidden = true };
}

/// <summary>Why a change is not allowed.</summary>
/// <param name="Status">The HTTP status: 403 or 409.</param>
/// <param name="Detail">A sentence for the caller.</param>
/// <param name="Allowed">What would be allowed instead, where that can be named.</param>
internal sealed record Refusal(int Status, string Detail, IReadOnlyList<string>? Allowed = null)
{
    /// <summary>The aggregate is not in the state that this needs.</summary>
    public static Refusal Conflict(string detail, IReadOnlyList<string>? allowed = null) =>
        new(StatusCodes.Status409Conflict, detail, allowed);
}
