using System.Globalization;
using System.Text.Json;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;
using StackExchange.Redis;

namespace RealtimeSuite.Notifications;

/// <summary>
/// What a user's notifications are: the own ones, and those broadcast to the user's roles and to everyone, without the muted categories.
/// REST and <c>initial_state</c> both read here, so that they agree. Ids are UUIDs of version 7, whose order is that of time.
/// </summary>
public sealed class NotificationReader(IConnectionMultiplexer redis)
{
    private const int Chunk = 100;

    private IDatabase Database => redis.GetDatabase();

    /// <summary>The newest, newest first.</summary>
    /// <param name="userId">The user.</param>
    /// <param name="roles">The user's roles.</param>
    /// <param name="size">Most of them.</param>
    /// <param name="before">Only those older than this id; null for the first page.</param>
    /// <param name="unreadOnly">Only those not read.</param>
    public async Task<NotificationList> ReadAsync(
        string userId,
        IReadOnlyCollection<string> roles,
        int size,
        string? before = null,
        bool unreadOnly = false
    )
    {
        var reading = BroadcastsAsync(userId, roles);
        var unread = Database.StringGetAsync(RedisKeys.NotificationUnread(userId));
        var own = await OwnAsync(userId, size + 1, before, unreadOnly);
        var broadcasts = await reading;
        var candidates = broadcasts
            .Where(broadcast => IsBefore(broadcast.Id, before) && !(unreadOnly && broadcast.Read))
            .OrderByDescending(broadcast => broadcast.Id, StringComparer.Ordinal)
            .Take(size + 1);
        List<Notification> all =
        [
            .. own.Concat(await ItemsAsync(candidates)).OrderByDescending(item => item.Id, StringComparer.Ordinal),
        ];
        return new NotificationList(
            all.Count > size ? all[..size] : all,
            (long)await unread + broadcasts.Count(broadcast => !broadcast.Read),
            HasMore: all.Count > size
        );
    }

    /// <summary>How many are unread.</summary>
    public async Task<long> CountUnreadAsync(string userId, IReadOnlyCollection<string> roles)
    {
        var unread = Database.StringGetAsync(RedisKeys.NotificationUnread(userId));
        var broadcasts = await BroadcastsAsync(userId, roles);
        return (long)await unread + broadcasts.Count(broadcast => !broadcast.Read);
    }

    /// <summary>One of them, or null.</summary>
    public async Task<Notification?> FindAsync(string userId, IReadOnlyCollection<string> roles, string id)
    {
        var own = await Database.HashGetAsync(RedisKeys.NotificationItems(userId), id);
        if (Parse(own) is { } found)
        {
            return found;
        }

        var broadcasts = await BroadcastsAsync(userId, roles);
        return (await ItemsAsync(broadcasts.Where(broadcast => broadcast.Id == id))).FirstOrDefault();
    }

    /// <summary>Whose broadcasts reach a user with these roles.</summary>
    public static IEnumerable<Audience> AudiencesOf(IEnumerable<string> roles) =>
        [Audience.Everyone, .. roles.Distinct(StringComparer.Ordinal).Select(Audience.Role)];

    /// <summary>When an id was made, in Unix milliseconds: its first 48 bits (source: RFC 9562, section 5.7).</summary>
    public static long TimeOf(string id) =>
        long.Parse(string.Concat(id.AsSpan(0, 8), id.AsSpan(9, 4)), NumberStyles.HexNumber);

    private async Task<List<Notification>> OwnAsync(string userId, int count, string? before, bool unreadOnly)
    {
        var found = new List<Notification>();
        var newest = before is null ? double.PositiveInfinity : TimeOf(before);
        var take = Math.Min(Chunk, count);
        for (var skip = 0; found.Count < count; skip += take)
        {
            var ids = await Database.SortedSetRangeByScoreAsync(
                RedisKeys.NotificationIndex(userId),
                stop: newest,
                order: Order.Descending,
                skip: skip,
                take: take
            );
            RedisValue[] older = [.. ids.Where(id => IsBefore(id.ToString(), before))];
            var items =
                older.Length == 0 ? [] : await Database.HashGetAsync(RedisKeys.NotificationItems(userId), older);
            found.AddRange(items.Select(Parse).OfType<Notification>().Where(item => !(unreadOnly && item.Read)));
            if (ids.Length < take)
            {
                break;
            }
        }

        return found;
    }

    /// <summary>The broadcasts that the user sees. Their texts are read only where a muted category makes it necessary.</summary>
    private async Task<List<Broadcast>> BroadcastsAsync(string userId, IEnumerable<string> roles)
    {
        var muted = Database.SetMembersAsync(RedisKeys.NotificationMuted(userId));
        var read = Database.SortedSetRangeByRankAsync(RedisKeys.BroadcastsRead(userId));
        var hidden = Database.SortedSetRangeByRankAsync(RedisKeys.BroadcastsHidden(userId));
        var lists = await Task.WhenAll(
            AudiencesOf(roles)
                .Select(async audience =>
                    (
                        Audience: audience,
                        Ids: await Database.SortedSetRangeByRankAsync(RedisKeys.BroadcastIndex(audience))
                    )
                )
        );
        var isRead = (await read).ToHashSet();
        var isHidden = (await hidden).ToHashSet();
        List<Broadcast> visible =
        [
            .. lists.SelectMany(list =>
                list.Ids.Where(id => !isHidden.Contains(id))
                    .Select(id => new Broadcast(id.ToString(), list.Audience, isRead.Contains(id)))
            ),
        ];
        var isMuted = (await muted).Select(category => category.ToString()).ToHashSet(StringComparer.Ordinal);
        if (isMuted.Count > 0 && visible.Count > 0)
        {
            var heard = (await ItemsAsync(visible))
                .Where(item => !isMuted.Contains(item.Category))
                .Select(item => item.Id)
                .ToHashSet(StringComparer.Ordinal);
            visible.RemoveAll(broadcast => !heard.Contains(broadcast.Id));
        }

        return visible;
    }

    private async Task<IEnumerable<Notification>> ItemsAsync(IEnumerable<Broadcast> broadcasts)
    {
        var lists = await Task.WhenAll(
            broadcasts
                .GroupBy(broadcast => broadcast.Audience)
                .Select(async list =>
                {
                    RedisValue[] ids = [.. list.Select(broadcast => (RedisValue)broadcast.Id)];
                    var items = await Database.HashGetAsync(RedisKeys.BroadcastItems(list.Key), ids);
                    return list.Zip(
                        items,
                        (broadcast, item) => Parse(item) is { } found ? found with { Read = broadcast.Read } : null
                    );
                })
        );
        return lists.SelectMany(list => list).OfType<Notification>();
    }

    private static bool IsBefore(string id, string? before) => before is null || string.CompareOrdinal(id, before) < 0;

    /// <summary>Null for one that was removed meanwhile, or is none.</summary>
    private static Notification? Parse(RedisValue item)
    {
        try
        {
            return item.IsNull
                ? null
                : JsonSerializer.Deserialize(((ReadOnlyMemory<byte>)item).Span, FramesJson.Wire.Notification);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private sealed record Broadcast(string Id, Audience Audience, bool Read);
}

/// <summary>Notifications of one user.</summary>
/// <param name="Items">Newest first.</param>
/// <param name="Unread">How many are unread, of all.</param>
/// <param name="HasMore">Whether there are older ones.</param>
public sealed record NotificationList(IReadOnlyList<Notification> Items, long Unread, bool HasMore);
