using RealtimeSuite.Contracts.Frames;

namespace RealtimeSuite.Contracts.AsyncApi;

/// <summary>What the server says of itself: greetings, answers, errors.</summary>
internal static class ServerMessages
{
    public static readonly MessageContract Connection = MessageContract.Of(
        "connection",
        "First frame of /ws.",
        FramesJson.Wire.ConnectionFrame,
        new ConnectionFrame { ClientId = Examples.Client, Timestamp = Examples.Time }
    );

    public static readonly MessageContract Connected = MessageContract.Of(
        "connected",
        "Second frame of /ws.",
        FramesJson.Wire.ConnectedFrame,
        new ConnectedFrame { UserId = Examples.User, Timestamp = Examples.Time }
    );

    public static readonly MessageContract InitialState = MessageContract.Of(
        "initialState",
        "Third frame of /ws: what the user sees at once.",
        FramesJson.Wire.InitialStateFrame,
        new InitialStateFrame { Data = new InitialState([Examples.Notification], 3) }
    );

    public static readonly MessageContract OrderEstablished = Established(
        "orderEstablished",
        "order:" + Examples.Order
    );

    public static readonly MessageContract ProductsEstablished = Established("productsEstablished", "products");

    public static readonly MessageContract Pong = MessageContract.Of(
        "pong",
        "Answer to a ping.",
        FramesJson.Wire.PongFrame,
        new PongFrame { Timestamp = Examples.Time }
    );

    public static readonly MessageContract Subscription = MessageContract.Of(
        "subscription",
        "Answer to subscribe and unsubscribe.",
        FramesJson.Wire.SubscriptionFrame,
        new SubscriptionFrame
        {
            Status = "subscribed",
            Topics = ["jobs"],
            Rejected = ["books"],
        }
    );

    public static readonly MessageContract AuthRefreshed = MessageContract.Of(
        "authRefreshed",
        "The fresh token was taken.",
        FramesJson.Wire.AuthRefreshedFrame,
        new AuthRefreshedFrame { ExpiresAt = Examples.Time }
    );

    public static readonly MessageContract Error = MessageContract.Of(
        "error",
        "A message was not understood; the connection lives.",
        FramesJson.Wire.ErrorFrame,
        new ErrorFrame { Code = "unknown_type", Message = "This type of message is not understood." }
    );

    public static readonly MessageContract Reconnect = MessageContract.Of(
        "reconnect",
        "The server restarts and closes with 1012; wait, then connect again and resume.",
        FramesJson.Wire.ReconnectFrame,
        new ReconnectFrame { AfterMs = 1500 }
    );

    public static readonly MessageContract Resumed = MessageContract.Of(
        "resumed",
        "Answer to a resume; the missed events follow, in order, each once.",
        FramesJson.Wire.ResumedFrame,
        new ResumedFrame
        {
            Channels = new Dictionary<string, ChannelRecovery>(StringComparer.Ordinal)
            {
                ["user:" + Examples.User] = new(true, 3, 20, "a1b2c3d4e5f60718"),
            },
        }
    );

    /// <summary>What the other sockets may get.</summary>
    public static IReadOnlyList<MessageContract> OfEverySocket { get; } =
    [Pong, AuthRefreshed, Error, Reconnect, Resumed];

    /// <summary>What <c>/ws/admin</c> may get.</summary>
    public static IReadOnlyList<MessageContract> OfAdminSockets { get; } = [Error, Reconnect, Resumed];

    private static MessageContract Established(string id, string channel) =>
        MessageContract.Of(
            id,
            "First frame.",
            FramesJson.Wire.ConnectionEstablishedFrame,
            new ConnectionEstablishedFrame
            {
                Data = new EstablishedConnection
                {
                    OrderId = channel.StartsWith("order:", StringComparison.Ordinal) ? Examples.Order : null,
                    Channel = channel,
                    ClientId = Examples.Client,
                    Timestamp = Examples.Time,
                },
            }
        );
}
