using RealtimeSuite.Contracts.Frames;

namespace RealtimeSuite.Contracts.AsyncApi;

/// <summary>What clients say.</summary>
internal static class ClientMessages
{
    public static readonly MessageContract Ping = MessageContract.Of(
        "ping",
        "Keep-alive; the bare text ping means the same.",
        FramesJson.Wire.PingFrame,
        new PingFrame()
    );

    public static readonly MessageContract Subscribe = MessageContract.Of(
        "subscribe",
        "Asks for topics.",
        FramesJson.Wire.SubscribeFrame,
        new SubscribeFrame { Topics = ["notifications", "jobs"] }
    );

    public static readonly MessageContract Unsubscribe = MessageContract.Of(
        "unsubscribe",
        "Gives topics up.",
        FramesJson.Wire.UnsubscribeFrame,
        new UnsubscribeFrame { Topics = ["notifications"] }
    );

    public static readonly MessageContract Auth = MessageContract.Of(
        "auth",
        "Brings a fresh token of the same user before the old one ends.",
        FramesJson.Wire.AuthFrame,
        new AuthFrame { Token = "<jwt>" }
    );

    public static readonly MessageContract Resume = MessageContract.Of(
        "resume",
        "Asks for the events that were missed since these positions.",
        FramesJson.Wire.ResumeFrame,
        new ResumeFrame
        {
            Positions = new Dictionary<string, ChannelPosition>(StringComparer.Ordinal)
            {
                ["user:" + Examples.User] = new("a1b2c3d4e5f60718", 17),
            },
        }
    );

    /// <summary>All of them, each with its answer; those that only <c>/ws</c> takes are marked.</summary>
    public static IReadOnlyList<(MessageContract Message, MessageContract Answer, bool OnlyForUsers)> All { get; } =
    [
        (Ping, ServerMessages.Pong, false),
        (Subscribe, ServerMessages.Subscription, true),
        (Unsubscribe, ServerMessages.Subscription, true),
        (Auth, ServerMessages.AuthRefreshed, false),
        (Resume, ServerMessages.Resumed, false),
    ];
}
