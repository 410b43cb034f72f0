using System.Text.Json.Serialization.Metadata;

namespace RealtimeSuite.Api.Aggregates;

/// <summary>What tells one kind of aggregate from others in Redis.</summary>
/// <typeparam name="T">Its state: an immutable record.</typeparam>
/// <param name="Name">For people, as in "The task is being changed".</param>
/// <param name="KeyOf">The Redis key of the aggregate's hash, by its id.</param>
/// <param name="IdOf">Its id. Ids rise with the time of creation, in lexical order.</param>
/// <param name="IndexOf">The Redis key of the sorted set that lists it.</param>
/// <param name="Json">How its state is written.</param>
internal sealed record AggregateKind<T>(
    string Name,
    Func<string, string> KeyOf,
    Func<T, string> IdOf,
    Func<T, string> IndexOf,
    JsonTypeInfo<T> Json
)
    where T : class;
