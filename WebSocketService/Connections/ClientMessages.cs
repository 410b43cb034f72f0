using System.Net.WebSockets;
using System.Text.Json;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Gateway.Accept;
using RealtimeSuite.Gateway.Dialects;
using RealtimeSuite.Gateway.Hub;
using RealtimeSuite.Gateway.Limits;

namespace RealtimeSuite.Gateway.Connections;

/// <summary>Answers what one client says. Called by the connection's reader only, one message after the other; never throws for bad input.</summary>
internal sealed class ClientMessages(
    Connection connection,
    Subscriptions subscriptions,
    Resumption resumption,
    SocketAuthenticator authenticator,
    AuditLog audit,
    GatewayOptions options,
    LimitOptions limits,
    TimeProvider clock
)
{
    private static readonly TimeSpan Window = TimeSpan.FromMinutes(1);

    private HashSet<string>? _topics;
    private MessageRate _rate = new(limits, clock);
    private long _windowStarted;
    private int _invalid;

    /// <summary>The topics by their names; a client that never names one has none of this in memory.</summary>
    private HashSet<string> TopicNames => _topics ??= new HashSet<string>(TopicMap.Defaults, StringComparer.Ordinal);

    /// <summary>Handles one message.</summary>
    public async ValueTask HandleAsync(ReadOnlyMemory<byte> message, WebSocketMessageType type)
    {
        connection.LastHeard = clock.GetTimestamp();
        if (!_rate.TryTake(connection.LastHeard))
        {
            connection.Close(DisconnectReason.TooFast);
        }
        else if (type != WebSocketMessageType.Text)
        {
            Refuse("unsupported_data", "Only text messages are understood.");
        }
        else if (connection.Surface == Surface.Admin)
        {
            // Any text is a sign of life there, without an answer (source: seed 000).
        }
        else if (message.Span.SequenceEqual("ping"u8))
        {
            connection.Enqueue(ServerFrames.Pong(clock.GetUtcNow()));
        }
        else
        {
            await HandleJsonAsync(message);
        }
    }

    private async ValueTask HandleJsonAsync(ReadOnlyMemory<byte> message)
    {
        using var json = Parse(message);
        switch (json is null ? null : TypeOf(json.RootElement))
        {
            case FrameTypes.Ping:
                connection.Enqueue(ServerFrames.Pong(clock.GetUtcNow()));
                break;
            case FrameTypes.Subscribe when connection.Surface == Surface.User:
                await SubscribeAsync(json!.RootElement);
                break;
            case FrameTypes.Unsubscribe when connection.Surface == Surface.User:
                Unsubscribe(json!.RootElement);
                break;
            case FrameTypes.Resume:
                await ResumeAsync(json!.RootElement);
                break;
            case FrameTypes.Auth:
                await RefreshAsync(json!.RootElement);
                break;
            case null:
                Refuse("invalid_json", "A JSON object with a \"type\" is expected.");
                break;
            default:
                Refuse("unknown_type", "This type of message is not understood.");
                break;
        }
    }

    private async ValueTask SubscribeAsync(JsonElement message)
    {
        if (TopicsOf(message) is not { } asked)
        {
            return;
        }

        var rejected = new List<string>();
        var accepted = new List<string>();
        var added = new List<string>();
        var wants = Topics.None;
        var channels = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in asked)
        {
            if (
                TopicMap.Find(name, connection.Caller) is not { } meaning
                || TopicNames.Count >= limits.MaxTopicsPerSocket && !TopicNames.Contains(name)
            )
            {
                rejected.Add(name);
                continue;
            }

            accepted.Add(name);
            if (TopicNames.Add(name))
            {
                added.Add(name);
            }

            wants |= meaning.Wants;
            if (meaning.Channel is { } channel)
            {
                channels.Add(channel);
            }
        }

        var resuming = resumption.Begin(channels.Where(channel => !connection.Channels.Contains(channel)));
        if (!await subscriptions.JoinAsync(connection, channels))
        {
            resumption.GiveUp(resuming);
            TopicNames.ExceptWith(added);
            connection.Enqueue(
                ServerFrames.Error("unavailable", "The topics cannot be subscribed now. Try again later.")
            );
            return;
        }

        connection.Topics |= wants;
        audit.Subscribed(connection, accepted);
        connection.Enqueue(ServerFrames.Subscription("subscribed", accepted, rejected));
        if (resuming.Count > 0)
        {
            await resumption.CompleteAsync(resuming);
        }
    }

    private async ValueTask ResumeAsync(JsonElement message)
    {
        if (ResumePositions.Read(message) is not { } positions)
        {
            Refuse("invalid_message", "\"positions\", an object of {\"epoch\",\"offset\"} by channel, is expected.");
            return;
        }

        // A client that asks for the first time learns where all its channels stand, later on only those that it names.
        var asked = resumption.IsWanted ? connection.Channels.Where(positions.ContainsKey) : connection.Channels;
        resumption.Remember(positions);
        var refused = positions.Keys.Where(channel =>
            !connection.Channels.Contains(channel)
            && !(connection.Surface == Surface.User && TopicMap.MayJoin(channel, connection.Caller))
        );
        await resumption.CompleteAsync(resumption.Begin(asked), refused);
    }

    private void Unsubscribe(JsonElement message)
    {
        if (TopicsOf(message) is not { } asked)
        {
            return;
        }

        var removed = asked.Where(TopicNames.Remove).ToList();
        var left = TopicNames.Select(name => TopicMap.Find(name, connection.Caller)).OfType<TopicMeaning>().ToList();
        var stillJoined = left.Select(meaning => meaning.Channel)
            .Concat(Entrance.Of(connection.Surface, connection.Caller, orderId: null).Channels)
            .ToHashSet(StringComparer.Ordinal);
        connection.Topics = left.Aggregate(Topics.Untitled, (wants, meaning) => wants | meaning.Wants);
        subscriptions.Leave(connection, [.. connection.Channels.Where(channel => !stillJoined.Contains(channel))]);
        audit.Unsubscribed(connection, removed);
        connection.Enqueue(ServerFrames.Subscription("unsubscribed", removed, [.. asked.Except(removed)]));
    }

    private async ValueTask RefreshAsync(JsonElement message)
    {
        if (
            !message.TryGetProperty("token"u8, out var token)
            || token.ValueKind != JsonValueKind.String
            || token.GetString() is not { Length: > 0 } text
        )
        {
            Refuse("invalid_message", "A \"token\" is expected.");
            return;
        }

        try
        {
            if (await authenticator.RefreshAsync(text) is not { } caller)
            {
                connection.Close(DisconnectReason.Unauthenticated);
            }
            else if (caller.UserId != connection.UserId || !KeepsItsRights(caller.Roles))
            {
                connection.Close(DisconnectReason.Forbidden);
            }
            else
            {
                connection.Caller = caller;
                if (authenticator.IsRevoked(caller))
                {
                    // Revoked between the check and the assignment.
                    connection.Close(DisconnectReason.Revoked);
                }

                connection.Enqueue(ServerFrames.Refreshed(caller.ExpiresAt));
            }
        }
        catch (TimeoutException)
        {
            connection.Enqueue(ServerFrames.Error("unavailable", "The token cannot be checked now. Try again later."));
        }
    }

    /// <summary>Whether a new token still carries the roles by which the connection was let in and subscribed.</summary>
    private bool KeepsItsRights(IReadOnlyList<string> roles) =>
        connection.Caller.Roles.All(role => roles.Contains(role, StringComparer.Ordinal));

    /// <summary>The names asked for, each once; null when there are none, and then the client was told.</summary>
    private List<string>? TopicsOf(JsonElement message)
    {
        if (
            message.TryGetProperty("topics"u8, out var topics)
            && topics.ValueKind == JsonValueKind.Array
            && topics.EnumerateArray().All(topic => topic.ValueKind == JsonValueKind.String)
        )
        {
            return
            [
                .. topics
                    .EnumerateArray()
                    .Select(topic => topic.GetString()!)
                    .SelectMany(name => name == TopicMap.All ? TopicMap.NamesFor(connection.Caller) : [name])
                    .Distinct(StringComparer.Ordinal),
            ];
        }

        Refuse("invalid_message", "\"topics\", an array of names, is expected.");
        return null;
    }

    private static JsonDocument? Parse(ReadOnlyMemory<byte> message)
    {
        try
        {
            return JsonDocument.Parse(message);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? TypeOf(JsonElement json) =>
        json.ValueKind == JsonValueKind.Object
        && json.TryGetProperty("type"u8, out var type)
        && type.ValueKind == JsonValueKind.String
            ? type.GetString()
            : null;

    private void Refuse(string code, string sentence)
    {
        connection.Enqueue(ServerFrames.Error(code, sentence));
        if (_invalid == 0 || clock.GetElapsedTime(_windowStarted) > Window)
        {
            _windowStarted = clock.GetTimestamp();
            _invalid = 0;
        }

        if (++_invalid >= options.MaxInvalidMessages)
        {
            connection.Close(DisconnectReason.InvalidMessages);
        }
    }
}
