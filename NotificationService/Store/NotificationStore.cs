using System.Text.Json;
using Microsoft.Extensions.Options;
using RealtimeSuite.Contracts;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Messaging.Outbox;
using RealtimeSuite.Notifications.Channels;
using RealtimeSuite.Notifications.Rules;
using StackExchange.Redis;

namespace RealtimeSuite.Notifications.Store;

/// <summary>What became of a notification that was to be added; the numbers are those of the script.</summary>
internal enum AddOutcome
{
    /// <summary>It is there, and told.</summary>
    Created = 0,

    /// <summary>Its event was seen before: nothing happened.</summary>
    Duplicate = 1,

    /// <summary>The user has muted the category: nothing happened.</summary>
    Muted = 2,
}

/// <summary>
/// Notifications in Redis, where <see cref="NotificationReader"/> reads them. Each change is one Lua call: state, the exact number of
/// unread ones, the event for the sockets, and on creation the deliveries over the channels. A user's notifications are kept per user;
/// those for a role or everyone once, and per user only what was read or removed of them.
/// </summary>
internal sealed class NotificationStore(
    OutboxScript script,
    NotificationReader reader,
    DeliveryQueue deliveries,
    NotificationTelemetry telemetry,
    IOptions<NotificationOptions> options,
    TimeProvider clock
)
{
    private const int ReadAllBatch = 100;

    private readonly NotificationOptions _options = options.Value;

    // A broadcast can be there for twice the retention: almost one until the last that drives none out, and one after it.
    private long MarkSeconds => 2 * (long)_options.Retention.TotalSeconds;

    /// <summary>Adds a notification, unless one was made of the same event for the same audience. Null when none was made.</summary>
    public async Task<(AddOutcome Outcome, Notification? Notification)> AddAsync(
        NotificationDraft draft,
        string? eventId = null
    )
    {
        var now = clock.GetUtcNow();
        var notification = new Notification
        {
            Id = Guid.CreateVersion7(now).ToString(),
            Title = draft.Title,
            Message = draft.Message,
            Level = draft.Level,
            Category = draft.Category,
            CreatedAt = now,
            Read = false,
        };
        var (index, items, unread, muted) = KeysOf(draft.To);
        var queues = deliveries.QueuesFor(draft.To);
        var isUser = draft.To.Kind == AudienceKind.User;
        var answer = await script.EvaluateAsync(
            NotificationScripts.Add,
            [index, items, unread, muted, $"notification-events:{draft.To}:{eventId ?? notification.Id}", .. queues],
            [
                notification.Id,
                now.ToUnixTimeMilliseconds(),
                JsonSerializer.SerializeToUtf8Bytes(notification, FramesJson.Wire.Notification),
                notification.Category,
                isUser ? 1 : 0,
                isUser ? _options.MaxPerUser : _options.MaxPerAudience,
                (now - _options.Retention).ToUnixTimeMilliseconds(),
                (long)_options.Retention.TotalSeconds,
                (long)_options.EventMemory.TotalSeconds,
                new Delivery(draft.To.ToString(), notification, Attempt: 0).ToJson(),
                deliveries.MaxWaiting,
            ],
            [NotificationEvents.Created(draft.To, notification, now)]
        );
        var numbers = (long[])answer!;
        var outcome = (AddOutcome)numbers[0];
        telemetry.Added(draft.To, outcome);
        telemetry.Dropped((int)numbers[1]);
        return (outcome, outcome == AddOutcome.Created ? notification : null);
    }

    /// <summary>Marks one as read. False when the user has no such notification.</summary>
    public async Task<bool> MarkReadAsync(string userId, IReadOnlyCollection<string> roles, string id) =>
        (await MarkReadAsync(userId, roles, [id])).Found > 0;

    /// <summary>Marks all as read that were there when the call began. Answers how many were unread.</summary>
    public async Task<int> MarkAllReadAsync(string userId, IReadOnlyCollection<string> roles)
    {
        var changed = 0;
        for (string? before = null; ; )
        {
            var list = await reader.ReadAsync(userId, roles, ReadAllBatch, before, unreadOnly: true);
            changed += (await MarkReadAsync(userId, roles, [.. list.Items.Select(item => item.Id)])).Changed;
            if (!list.HasMore)
            {
                return changed;
            }

            before = list.Items[^1].Id;
        }
    }

    /// <summary>Removes one from the user's list; sockets are told that it counts as read. False when the user has no such notification.</summary>
    public async Task<bool> DeleteAsync(string userId, IReadOnlyCollection<string> roles, string id)
    {
        var now = clock.GetUtcNow();
        var answer = (long[])
            (
                await script.EvaluateAsync(
                    NotificationScripts.Delete,
                    ChangeKeys(userId, roles),
                    [MarkSeconds, id],
                    [NotificationEvents.Updated(userId, id, now)]
                )
            )!;
        telemetry.Changed((int)answer[0]);
        return answer[0] > 0;
    }

    private async Task<(long Found, int Changed)> MarkReadAsync(
        string userId,
        IReadOnlyCollection<string> roles,
        IReadOnlyList<string> ids
    )
    {
        if (ids.Count == 0)
        {
            return (0, 0);
        }

        var now = clock.GetUtcNow();
        var answer = (long[])
            (
                await script.EvaluateAsync(
                    NotificationScripts.MarkRead,
                    ChangeKeys(userId, roles),
                    [MarkSeconds, ids.Count, .. ids.Select(id => (RedisValue)id)],
                    [.. ids.Select(id => NotificationEvents.Updated(userId, id, now))]
                )
            )!;
        telemetry.Changed((int)answer[1]);
        return (answer[0], (int)answer[1]);
    }

    /// <summary>The user's own keys, then the indexes of the broadcasts that the user sees.</summary>
    private static RedisKey[] ChangeKeys(string userId, IReadOnlyCollection<string> roles) =>
        [
            RedisKeys.NotificationIndex(userId),
            RedisKeys.NotificationItems(userId),
            RedisKeys.NotificationUnread(userId),
            RedisKeys.BroadcastsRead(userId),
            RedisKeys.BroadcastsHidden(userId),
            .. NotificationReader.AudiencesOf(roles).Select(audience => (RedisKey)RedisKeys.BroadcastIndex(audience)),
        ];

    /// <summary>For a broadcast, the keys that only a user has stand for the index and are not touched.</summary>
    private static (RedisKey Index, RedisKey Items, RedisKey Unread, RedisKey Muted) KeysOf(Audience to)
    {
        if (to.Kind == AudienceKind.User)
        {
            return (
                RedisKeys.NotificationIndex(to.Id),
                RedisKeys.NotificationItems(to.Id),
                RedisKeys.NotificationUnread(to.Id),
                RedisKeys.NotificationMuted(to.Id)
            );
        }

        RedisKey index = RedisKeys.BroadcastIndex(to);
        return (index, RedisKeys.BroadcastItems(to), index, index);
    }
}
