using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using RealtimeSuite.Contracts.Frames;
using RealtimeSuite.Gateway.Hub;
using State = RealtimeSuite.Contracts.Frames.InitialState;

namespace RealtimeSuite.Gateway.Dialects;

/// <summary>What the server says of itself, as opposed to events: greetings, answers, errors. Shapes: <see cref="Contracts.Frames"/>.</summary>
internal static class ServerFrames
{
    /// <summary>How all frames are written.</summary>
    public static readonly JsonWriterOptions Json = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>The first frame of <c>/ws</c>.</summary>
    public static Frame Connection(string clientId, DateTimeOffset now) =>
        Write(new ConnectionFrame { ClientId = clientId, Timestamp = now }, FramesJson.Wire.ConnectionFrame);

    /// <summary>The second frame of <c>/ws</c>.</summary>
    public static Frame Connected(string userId, DateTimeOffset now) =>
        Write(new ConnectedFrame { UserId = userId, Timestamp = now }, FramesJson.Wire.ConnectedFrame);

    /// <summary>The third frame of <c>/ws</c>; <paramref name="partial"/> when the state could not be read.</summary>
    public static Frame InitialState(IReadOnlyList<Notification> notifications, long unread, bool partial) =>
        Write(
            new InitialStateFrame { Data = new State(notifications, unread), Partial = partial ? true : null },
            FramesJson.Wire.InitialStateFrame
        );

    /// <summary>The first frame of an order's or the products' socket.</summary>
    public static Frame ConnectionEstablished(string clientId, string channel, string? orderId, DateTimeOffset now) =>
        Write(
            new ConnectionEstablishedFrame
            {
                Data = new EstablishedConnection
                {
                    OrderId = orderId,
                    Channel = channel,
                    ClientId = clientId,
                    Timestamp = now,
                },
            },
            FramesJson.Wire.ConnectionEstablishedFrame
        );

    /// <summary>The answer to a ping.</summary>
    public static Frame Pong(DateTimeOffset now) => Write(new PongFrame { Timestamp = now }, FramesJson.Wire.PongFrame);

    /// <summary>The answer to <c>subscribe</c> and <c>unsubscribe</c>.</summary>
    public static Frame Subscription(string status, IReadOnlyList<string> topics, IReadOnlyList<string> rejected) =>
        Write(
            new SubscriptionFrame
            {
                Status = status,
                Topics = topics,
                Rejected = rejected,
            },
            FramesJson.Wire.SubscriptionFrame
        );

    /// <summary>The answer to a token refresh.</summary>
    public static Frame Refreshed(DateTimeOffset expiresAt) =>
        Write(new AuthRefreshedFrame { ExpiresAt = expiresAt }, FramesJson.Wire.AuthRefreshedFrame);

    /// <summary>The server restarts: come back after so many milliseconds.</summary>
    public static Frame Reconnect(int afterMs) =>
        Write(new ReconnectFrame { AfterMs = afterMs }, FramesJson.Wire.ReconnectFrame);

    /// <summary>Where channels stand for a client that resumes, or that lost events.</summary>
    public static Frame Resumed(IReadOnlyDictionary<string, ChannelRecovery> channels) =>
        Write(new ResumedFrame { Channels = channels }, FramesJson.Wire.ResumedFrame);

    /// <summary>The answer to a message that is not understood.</summary>
    public static Frame Error(string code, string message) =>
        Write(new ErrorFrame { Code = code, Message = message }, FramesJson.Wire.ErrorFrame);

    private static Frame Write<T>(T frame, JsonTypeInfo<T> type) =>
        new(JsonSerializer.SerializeToUtf8Bytes(frame, type));
}
