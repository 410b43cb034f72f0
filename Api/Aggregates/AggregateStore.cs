using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Http;
using RealtimeSuite.Messaging.Outbox;
using StackExchange.Redis;

namespace RealtimeSuite.Api.Aggregates;

/// <summary>
/// The one way to read and change aggregates of one kind: a hash each with state and version, a sorted set of their ids. State and
/// events are stored together or not at all. Whoever was slower than another looks at the new state and decides again.
/// </summary>
/// <typeparam name="T">The aggregate's state.</typeparam>
internal sealed class AggregateStore<T>(
    IConnectionMultiplexer redis,
    AggregateWriter writer,
    AggregateKind<T> kind,
    TimeProvider clock
)
    where T : class
{
    private const int MaxPauseMilliseconds = 20;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(10);

    private IDatabase Database => redis.GetDatabase();

    /// <summary>The aggregate, or null.</summary>
    public async Task<Versioned<T>?> FindAsync(string id)
    {
        var fields = await Database.HashGetAsync(
            kind.KeyOf(id),
            [AggregateWriter.StateField, AggregateWriter.VersionField]
        );
        return Read(fields[0]) is { } state ? new Versioned<T>(state, (long)fields[1]) : null;
    }

    /// <summary>A page of an index, newest first, after <paramref name="lastId"/>.</summary>
    public async Task<Page<T>> ListAsync(string indexKey, string? lastId, int size)
    {
        var ids = await Database.SortedSetRangeByValueAsync(
            indexKey,
            max: lastId is null ? default : (RedisValue)lastId,
            exclude: lastId is null ? Exclude.None : Exclude.Stop,
            order: Order.Descending,
            take: size + 1
        );
        var states = await Task.WhenAll(
            ids.Take(size).Select(id => Database.HashGetAsync(kind.KeyOf(id.ToString()), AggregateWriter.StateField))
        );
        var next = ids.Length > size ? Paged.CursorAfter(ids[size - 1].ToString()) : null;
        return new Page<T>([.. states.Select(Read).OfType<T>()], next);
    }

    /// <summary>Adds an aggregate with an id that is new, and tells of it. Null when there is one of that id.</summary>
    public async Task<Versioned<T>?> TryAddAsync(T state, params IReadOnlyList<CloudEvent> events) =>
        await TryCommitAsync(state, state, events, expectedVersion: 0) ? new Versioned<T>(state, 1) : null;

    /// <summary>Changes an aggregate as the rule decides.</summary>
    /// <exception cref="RefusedRequestException">Too many change it at the same moment (503).</exception>
    public async Task<Outcome<T>> ChangeAsync(string id, IfMatch ifMatch, Func<T, DateTimeOffset, Decision<T>> decide)
    {
        var started = clock.GetTimestamp();
        while (clock.GetElapsedTime(started) < Patience)
        {
            if (await FindAsync(id) is not { } found)
            {
                return Outcome<T>.NotFound;
            }

            var decision = decide(found.State, clock.GetUtcNow());
            if (decision.IsHidden)
            {
                return Outcome<T>.NotFound;
            }

            if (!ifMatch.Allows(found.Version))
            {
                return Outcome<T>.Stale(found.Version);
            }

            if (decision.Refusal is { } refusal)
            {
                return Outcome<T>.Refused(refusal);
            }

            if (!decision.IsChange)
            {
                return Outcome<T>.Done(found);
            }

            if (await TryCommitAsync(found.State, decision.State, decision.Events, found.Version))
            {
                return Outcome<T>.Done(new Versioned<T>(decision.State ?? found.State, found.Version + 1));
            }

            await Task.Delay(TimeSpan.FromMilliseconds(Random.Shared.Next(MaxPauseMilliseconds)), clock);
        }

        throw new RefusedRequestException(
            $"The {kind.Name} is being changed by too many at once. Try again.",
            StatusCodes.Status503ServiceUnavailable
        );
    }

    private Task<bool> TryCommitAsync(T aggregate, T? state, IReadOnlyList<CloudEvent> events, long expectedVersion)
    {
        var id = kind.IdOf(aggregate);
        var now = clock.GetUtcNow();
        return writer.TryCommitAsync(
            new AggregateChange
            {
                Key = kind.KeyOf(id),
                IndexKey = kind.IndexOf(aggregate),
                IndexMember = id,
                // All scores alike: the ids themselves rise with time and are read in lexical order.
                IndexScore = 0,
                ExpectedVersion = expectedVersion,
                State = state is null ? null : JsonSerializer.SerializeToUtf8Bytes(state, kind.Json),
                Events =
                [
                    .. events.Select(told =>
                        OutboxEntry.For(EventRoutes.TopicOf(told.Type), EventRoutes.KeyOf(told), told, now)
                    ),
                ],
            }
        );
    }

    private T? Read(RedisValue state) =>
        state.IsNull ? null : JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)state).Span, kind.Json);
}

/// <summary>A state and its version, which is the resource's <c>ETag</c>.</summary>
internal sealed record Versioned<T>(T State, long Version)
    where T : class;
