using System.Text.Json;
using System.Text.Json.Serialization;
using RealtimeSuite.Contracts;
using RealtimeSuite.Http;
using RealtimeSuite.Messaging.Outbox;
using StackExchange.Redis;

namespace RealtimeSuite.Api.Features.Tasks;

/// <summary>Tasks in Redis: a hash <c>task:{id}</c> each, and a sorted set <c>tasks:{user}</c> of their ids in order of creation.</summary>
internal sealed class TaskStore(IConnectionMultiplexer redis, AggregateWriter writer, TimeProvider clock)
{
    private const int MaxTries = 20;

    private IDatabase Database => redis.GetDatabase();

    /// <summary>The task of that user, or null.</summary>
    public async Task<Versioned?> FindAsync(string userId, Guid id)
    {
        var fields = await Database.HashGetAsync(
            Key(id.ToString()),
            [AggregateWriter.StateField, AggregateWriter.VersionField]
        );
        return Read(fields[0]) is { } task && task.UserId == userId ? new Versioned(task, (long)fields[1]) : null;
    }

    /// <summary>A page of the user's tasks, newest first, after <paramref name="lastId"/>.</summary>
    public async Task<Page<TaskItem>> ListAsync(string userId, string? lastId, int size)
    {
        var ids = await Database.SortedSetRangeByValueAsync(
            IndexKey(userId),
            max: lastId is null ? default : (RedisValue)lastId,
            exclude: lastId is null ? Exclude.None : Exclude.Stop,
            order: Order.Descending,
            take: size + 1
        );
        var states = await Task.WhenAll(
            ids.Take(size).Select(id => Database.HashGetAsync(Key(id.ToString()), AggregateWriter.StateField))
        );
        var next = ids.Length > size ? Paged.CursorAfter(ids[size - 1].ToString()) : null;
        return new Page<TaskItem>([.. states.Select(state => Read(state)).OfType<TaskItem>()], next);
    }

    /// <summary>Adds a task and tells of it.</summary>
    public async Task<TaskItem> AddAsync(string userId, TaskInput input)
    {
        var now = clock.GetUtcNow();
        var task = input.ApplyTo(
            new TaskItem
            {
                Id = Guid.CreateVersion7(now).ToString(),
                UserId = userId,
                Title = "",
                CreatedAt = now,
                UpdatedAt = now,
            }
        );
        return await TryCommitAsync(TaskEventTypes.Created, task, task, expectedVersion: 0, now)
            ? task
            : throw new InvalidOperationException($"The new task id {task.Id} exists already.");
    }

    /// <summary>Changes a task and tells of it; a change that gives the same task back stores and tells nothing. Null when there is no such task of that user.</summary>
    public Task<TaskItem?> ChangeAsync(string userId, Guid id, string eventType, Func<TaskItem, TaskItem> change) =>
        RetryAsync(
            userId,
            id,
            (found, now) =>
            {
                var next = change(found.Task);
                return ReferenceEquals(next, found.Task)
                    ? Task.FromResult<TaskItem?>(next)
                    : SaveAsync(eventType, next with { UpdatedAt = now }, found.Version, now);
            }
        );

    /// <summary>Removes a task and tells of it. False when there is no such task of that user.</summary>
    public async Task<bool> DeleteAsync(string userId, Guid id) =>
        await RetryAsync(
            userId,
            id,
            async (found, now) =>
                await TryCommitAsync(TaskEventTypes.Deleted, found.Task, state: null, found.Version, now)
                    ? found.Task
                    : null
        )
            is not null;

    /// <summary>Reads and tries again while others change the same task at the same moment.</summary>
    private async Task<TaskItem?> RetryAsync(
        string userId,
        Guid id,
        Func<Versioned, DateTimeOffset, Task<TaskItem?>> attempt
    )
    {
        for (var tries = 0; tries < MaxTries; tries++)
        {
            if (await FindAsync(userId, id) is not { } found)
            {
                return null;
            }

            if (await attempt(found, clock.GetUtcNow()) is { } task)
            {
                return task;
            }
        }

        throw new BadHttpRequestException(
            "The task is being changed by too many at once.",
            StatusCodes.Status409Conflict
        );
    }

    private async Task<TaskItem?> SaveAsync(
        string eventType,
        TaskItem task,
        long expectedVersion,
        DateTimeOffset now
    ) => await TryCommitAsync(eventType, task, task, expectedVersion, now) ? task : null;

    private Task<bool> TryCommitAsync(
        string eventType,
        TaskItem task,
        TaskItem? state,
        long expectedVersion,
        DateTimeOffset now
    ) =>
        writer.TryCommitAsync(
            new AggregateChange
            {
                Key = Key(task.Id),
                IndexKey = IndexKey(task.UserId),
                IndexMember = task.Id,
                // All scores alike: the ids themselves rise with time and are read in lexical order.
                IndexScore = 0,
                ExpectedVersion = expectedVersion,
                State = state is null ? null : JsonSerializer.SerializeToUtf8Bytes(state, TaskJson.Wire.TaskItem),
                Events = [TaskEvents.Of(eventType, task, now)],
            }
        );

    private static TaskItem? Read(RedisValue state) =>
        state.IsNull ? null : JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)state).Span, TaskJson.Wire.TaskItem);

    private static string Key(string id) => "task:" + id;

    private static string IndexKey(string userId) => "tasks:" + userId;
}

/// <summary>A task and the version it was read at.</summary>
internal sealed record Versioned(TaskItem Task, long Version);

[JsonSerializable(typeof(TaskItem))]
internal sealed partial class TaskJson : JsonSerializerContext
{
    public static TaskJson Wire { get; } = new(ContractsJson.Configure(new JsonSerializerOptions()));
}
