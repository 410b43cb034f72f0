namespace RealtimeSuite.Api.Aggregates;

/// <summary>What became of a wish to change an aggregate.</summary>
/// <typeparam name="T">The aggregate's state.</typeparam>
internal sealed record Outcome<T>
    where T : class
{
    /// <summary>There is no such aggregate.</summary>
    public static readonly Outcome<T> NotFound = new();

    private Outcome() { }

    /// <summary>The aggregate as it is now; null when nothing was done.</summary>
    public Versioned<T>? Result { get; private init; }

    /// <summary>Why it was not allowed, or null.</summary>
    public Refusal? Refusal { get; private init; }

    /// <summary>The version it is at, when the caller wanted to change another; else null.</summary>
    public long? OtherVersion { get; private init; }

    /// <summary>It is as the caller wants it.</summary>
    public static Outcome<T> Done(Versioned<T> result) => new() { Result = result };

    /// <summary>It is not allowed.</summary>
    public static Outcome<T> Refused(Refusal refusal) => new() { Refusal = refusal };

    /// <summary>The aggregate is at another version than the caller named.</summary>
    public static Outcome<T> Stale(long version) => new() { OtherVersion = version };
}
